/** Code that logs the probe under a name that is recognised (`clean_train_loss`), for the common trainers. */

export interface Snippet {
  language: string;
  code: string;
}

const PYTORCH = `# once, before training: a fixed part of the training data, without augmentation
clean_loader = DataLoader(Subset(clean_train_dataset, range(len(val_dataset))), batch_size=256)

@torch.no_grad()
def clean_train_loss():
    model.eval()
    total = count = 0
    for x, y in clean_loader:
        loss = criterion(model(x.to(device)), y.to(device))  # the validation loss, mean over samples
        total += loss.item() * len(x)
        count += len(x)
    model.train()
    return total / count

# after each validation
writer.add_scalar("clean_train_loss", clean_train_loss(), global_step)`;

const LIGHTNING = `# in the LightningModule; the data module gives [val_loader, clean_train_loader] as val_dataloaders
def validation_step(self, batch, batch_idx, dataloader_idx=0):
    x, y = batch
    loss = F.cross_entropy(self(x), y)
    name = "val_loss" if dataloader_idx == 0 else "clean_train_loss"
    self.log(name, loss, on_epoch=True, sync_dist=True, add_dataloader_idx=False)`;

const KERAS = `class CleanTrainLoss(keras.callbacks.Callback):
    def __init__(self, x, y):
        super().__init__()
        self.x, self.y = x, y  # training data without augmentation, as many samples as validation

    def on_epoch_end(self, epoch, logs=None):
        result = self.model.evaluate(self.x, self.y, verbose=0, return_dict=True)
        logs["clean_train_loss"] = result["loss"]

# put it before CSVLogger or TensorBoard
model.fit(..., callbacks=[CleanTrainLoss(x_clean, y_clean), keras.callbacks.CSVLogger("training.csv")])`;

const HF = `clean_train = train_dataset.shuffle(seed=0).select(range(len(eval_dataset)))

class CleanTrainLoss(TrainerCallback):
    def on_evaluate(self, args, state, control, metrics=None, **kwargs):
        if metrics and "eval_loss" in metrics:  # not the call below
            trainer.evaluate(clean_train, metric_key_prefix="clean_train")

trainer.add_callback(CleanTrainLoss())  # logs clean_train_loss`;

const BY_FORMAT: [RegExp, Snippet][] = [
  [/^(hf|trl)/, { language: 'python', code: HF }],
  [/^lightning/, { language: 'python', code: LIGHTNING }],
  [/keras/, { language: 'python', code: KERAS }],
];

const FALLBACK: Snippet = { language: 'python', code: PYTORCH };

/** The snippet for the first format that has one of its own; plain PyTorch otherwise. */
export function probeSnippet(formats: readonly string[]): Snippet {
  for (const format of formats) for (const [pattern, snippet] of BY_FORMAT) if (pattern.test(format)) return snippet;
  return FALLBACK;
}
