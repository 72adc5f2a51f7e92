import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { basicFields, chooseFields, knownFields, refusedField } from '../../../main/service/machine/nvidia-fields.ts';
import { readAppRow, readGpuRow, readMaskField, readNumber } from '../../../main/service/machine/nvidia-row.ts';

const help = readFileSync(new URL('../../fixtures/machine/help-query-gpu.txt', import.meta.url), 'utf8');
const fields = chooseFields(help);
const uuid = 'GPU-00000001-1111-2222-3333-444444444444';
const MIB = 1024 * 1024;

/** A line with these values in place of the usual ones. */
function line(changes: Record<string, string> = {}): string {
  const usual: Record<string, string> = {
    uuid,
    index: '0',
    'pci.bus_id': '00000000:01:00.0',
    driver_version: '570.86.15',
    'utilization.gpu': '0',
    'utilization.memory': '12',
    'memory.used': '40512',
    'memory.total': '81559',
    'temperature.gpu': '41',
    'temperature.memory': '52',
    'power.draw': '118.42',
    'enforced.power.limit': '700.00',
    'fan.speed': '[N/A]',
    'clocks.current.sm': '1980',
    'clocks.current.memory': '2619',
    'clocks_event_reasons.active': '0x0000000000000000',
    'mig.mode.current': 'Disabled',
    name: 'NVIDIA H100 80GB HBM3',
    ...changes,
  };
  return fields.map((field) => usual[field]).join(', ');
}

function gpu(text: string, asked = fields) {
  const row = readGpuRow(text, asked);
  if (row.kind !== 'gpu') throw new Error(`not a GPU row: ${JSON.stringify(row)}`);
  return row;
}

describe('the fields to ask for', () => {
  it('are those the help knows, the name last', () => {
    expect(fields).toContain('clocks_event_reasons.active');
    expect(fields).toContain('temperature.memory');
    expect(fields.at(-1)).toBe('name');
  });

  it('take the old name of the clock reasons from an old driver', () => {
    const old = help.replaceAll('"clocks_event_reasons.active" or ', '').replaceAll(/"temperature.memory"/g, '');
    expect(chooseFields(old)).toContain('clocks_throttle_reasons.active');
    expect(chooseFields(old)).not.toContain('temperature.memory');
  });

  it('take the power limit where the enforced one is unknown', () => {
    expect(chooseFields(help.replace('"enforced.power.limit"', '"x"'))).toContain('power.limit');
  });

  it('are the basic ones if the help says nothing', () => {
    expect(chooseFields('command not understood')).toEqual(basicFields);
  });

  it('ignores names inside descriptions', () => {
    expect(knownFields('"index"\nCalled "bus" elsewhere.').has('bus')).toBe(false);
  });

  it('reads which field was refused', () => {
    expect(refusedField('Field "fan.speed" is not a valid field to query.\n')).toBe('fan.speed');
    expect(refusedField('No devices were found')).toBeNull();
  });
});

describe('a GPU line', () => {
  it('gives bytes, watts, degrees and keeps 0 as a value', () => {
    const { info, values, fault } = gpu(line());
    expect(fault).toBeNull();
    expect(values).toMatchObject({ util: 0, memoryUsed: 40512 * MIB, power: 118.42, powerLimit: 700, temperature: 41, fan: null });
    expect(values).toMatchObject({ clock: 1980, throttle: 0, slowdown: 0, powerCap: 0 });
    expect(info).toMatchObject({ device: uuid, index: 0, driver: '570.86.15', memoryTotal: 81559 * MIB, mig: false });
  });

  const unknown = ['[N/A]', 'N/A', '[Not Supported]', '[Insufficient Permissions]', '[Unknown Error]', 'ERR!', '-', ''];
  it.each(unknown)('reads %j as not reported', (said) => {
    expect(gpu(line({ 'temperature.memory': said })).values.memoryTemperature).toBeNull();
  });

  it('reads the mask into shares that can be averaged', () => {
    const read = (mask: string) => gpu(line({ 'clocks_event_reasons.active': mask })).values;
    expect(read('0x0000000000000044')).toMatchObject({ throttle: 0x44, slowdown: 1, powerCap: 1 });
    expect(read('0x0000000000000001')).toMatchObject({ slowdown: 0, powerCap: 0 });
    expect(read('[N/A]')).toMatchObject({ throttle: null, slowdown: null, powerCap: null });
  });

  it('reads the same under the old field names', () => {
    const old = fields.map((field) => (field === 'clocks_event_reasons.active' ? 'clocks_throttle_reasons.active' : field));
    expect(gpu(line({ 'clocks_event_reasons.active': '0x8' }), old).values.slowdown).toBe(1);
  });

  it('keeps a name with commas whole', () => {
    expect(gpu(line({ name: 'NVIDIA RTX, Ada, rev 2' })).info.name).toBe('NVIDIA RTX, Ada, rev 2');
  });

  it('has no utilisation with MIG on, and says so', () => {
    const { info, values } = gpu(line({ 'mig.mode.current': 'Enabled', 'utilization.gpu': '[N/A]', 'utilization.memory': '[N/A]' }));
    expect(info.mig).toBe(true);
    expect(values).toMatchObject({ util: null, memoryController: null, memoryUsed: 40512 * MIB });
  });

  it('is keyed by the bus where the uuid is missing', () => {
    expect(gpu(line({ uuid: '[N/A]' })).info.device).toBe('00000000:01:00.0');
  });

  it('of a lost GPU says what the driver says', () => {
    const readings = fields.filter((field) => !['uuid', 'index', 'name'].includes(field));
    const lost = Object.fromEntries(readings.map((field) => [field, '[GPU is lost]']));
    expect(gpu(line(lost)).fault).toBe('GPU is lost');
    expect(readGpuRow(fields.map(() => '[Unknown Error]').join(', '), fields)).toMatchObject({ kind: 'lost' });
    expect(readGpuRow('Unable to determine the device handle for GPU0000:02:00.0: Unknown Error', fields).kind).toBe('lost');
  });

  it('is not faulty because of one unknown value', () => {
    expect(gpu(line({ 'fan.speed': '[Unknown Error]' })).fault).toBeNull();
  });

  it.each(['<html>', '', ',', 'a, b, c', fields.join(', '), `${uuid}, 0`])('garbage %j is garbage', (text) => {
    expect(readGpuRow(text, fields).kind).toBe('garbage');
  });

  it('shares outside 0 to 100 are not believed', () => {
    expect(gpu(line({ 'utilization.gpu': '999' })).values.util).toBeNull();
  });
});

describe('numbers', () => {
  it('are decimal only', () => {
    expect(readNumber(' 12.5 ')).toBe(12.5);
    expect(readNumber('0x10')).toBeNull();
    expect(readNumber('12 MiB')).toBeNull();
    expect(readNumber('Infinity')).toBeNull();
    expect(readNumber(undefined)).toBeNull();
    expect(readMaskField('0x00000000000000E8')).toBe(0xe8);
  });
});

describe('a process line', () => {
  it('gives pid, bytes and a name with commas', () => {
    const row = readAppRow(`${uuid}, 4242, 40210, /opt/a, b/python3`);
    expect(row).toEqual({ device: uuid, pid: 4242, name: '/opt/a, b/python3', memory: 40210 * MIB });
  });

  it('keeps memory unknown where it is not said', () => {
    expect(readAppRow(`${uuid}, 4242, [N/A], python`)?.memory).toBeNull();
  });

  it.each(['', 'No running processes found', `${uuid}, [N/A], 1, x`, `${uuid}, -3, 1, x`, 'card0, 1, 1, x'])('refuses %j', (text) => {
    expect(readAppRow(text)).toBeNull();
  });
});
