// Loads the sources as the compiler publishes them. The loader that other scripts use names every function as it is
// made, for readable stacks; nobody who installs the packages pays for that, so a bench must not measure it.
import { register } from 'node:module';

register('./compile-hook.mjs', import.meta.url);
