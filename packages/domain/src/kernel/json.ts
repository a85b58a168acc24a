/** What JSON can hold. Numbers beyond 2^53 are kept as strings, or they would lose digits. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
/** An object that JSON can hold. */
export interface JsonObject {
  readonly [key: string]: Json;
}
