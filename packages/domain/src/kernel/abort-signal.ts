/**
 * The domain compiles without the types of a platform, so it says which part of the standard's AbortSignal it relies on.
 * The declaration merges with the platform's own: a host passes its ordinary signal.
 */
declare global {
  interface AbortSignal {
    readonly aborted: boolean;
    addEventListener(type: 'abort', listener: () => void, options?: { readonly once?: boolean }): void;
    removeEventListener(type: 'abort', listener: () => void): void;
  }
}

export {};
