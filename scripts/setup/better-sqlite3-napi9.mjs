// better-sqlite3 13 asks for Node-API 10 (Node 22.14, Electron 36) for one reason only: it keeps persistent references
// to strings, and before version 10 only objects can be referenced. These edits keep each string in a one-element array
// behind an object reference, which Node-API 9 allows. The one binary then runs on Node 20, Node 24 and Electron 33.
// Aggregate functions written in JavaScript still need Node-API 10 when their state is not an object; Gapwatch has none.

/** The release these edits were written for; another release must be looked at again. */
export const patchedVersion = '13.2.0';

const stringReference = `class StringRef {
public:

	StringRef() {}

	explicit StringRef(Napi::Env env, Napi::String string) {
		Napi::Array box = Napi::Array::New(env, 1);
		box.Set(0u, string);
		holder = Napi::Persistent(box.As<Napi::Object>());
	}

	inline Napi::String Value() const {
		napi_value result;
		napi_get_element(holder.Env(), holder.Value(), 0, &result);
		return Napi::String(holder.Env(), result);
	}

private:

	Napi::ObjectReference holder;
};

`;

/** Each edit replaces every occurrence of `from` in `file`; an edit that finds nothing is an error. */
export const edits = [
  { file: 'binding.gyp', from: 'NAPI_VERSION=10', to: 'NAPI_VERSION=9' },
  { file: 'src/util/helpers.cpp', from: 'inline void SetFrozen(', to: `${stringReference}inline void SetFrozen(` },
  { file: 'src/util/helpers.cpp', from: 'const Napi::Reference<Napi::String>& key', to: 'const StringRef& key' },
  { file: 'src/util/constants.cpp', from: 'Napi::Reference<Napi::String>', to: 'StringRef' },
  {
    file: 'src/util/constants.cpp',
    from: 'Napi::Persistent(InternalizedFromLatin1(env, str))',
    to: 'StringRef(env, InternalizedFromLatin1(env, str))',
  },
  {
    file: 'src/util/bind-map.cpp',
    from: 'Napi::Persistent(InternalizedFromUtf8(env, name, -1))',
    to: 'env, InternalizedFromUtf8(env, name, -1)',
  },
  { file: 'src/util/bind-map.cpp', from: 'Napi::Persistent(pair->name.Value())', to: 'env, pair->name.Value()' },
  { file: 'src/util/bind-map.cpp', from: 'Napi::Reference<Napi::String>', to: 'StringRef' },
];
