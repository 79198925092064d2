// Calls libnftables(3) from this process, in any network namespace: `nft` is the same library behind a program start of 3 to 10 ms.
import { loadKoffi } from './koffi.ts'
import { inNamespace, type Libc } from './libc.ts'

type Library = {
  nft_ctx_new(flags: number): object | null
  nft_ctx_free(context: object): void
  nft_ctx_buffer_output(context: object): number
  nft_ctx_buffer_error(context: object): number
  nft_ctx_get_output_buffer(context: object): string
  nft_ctx_get_error_buffer(context: object): string
  nft_ctx_output_set_flags(context: object, flags: number): void
  nft_run_cmd_from_buffer(context: object, command: string): number
}

/** NFT_CTX_OUTPUT_HANDLE and NFT_CTX_OUTPUT_JSON. */
const output = { handle: 1 << 3, json: 1 << 4 } as const

let library: Promise<Library | undefined> | undefined

/** @returns undefined where there is no such library, or koffi does not support the machine. */
export function loadLibnftables(): Promise<Library | undefined> {
  return (library ??= load().catch(() => undefined))
}

async function load(): Promise<Library> {
  const koffi = await loadKoffi()
  const nftables = koffi.load('libnftables.so.1')
  return {
    nft_ctx_new: nftables.func('void *nft_ctx_new(uint32_t)'),
    nft_ctx_free: nftables.func('void nft_ctx_free(void *)'),
    nft_ctx_buffer_output: nftables.func('int nft_ctx_buffer_output(void *)'),
    nft_ctx_buffer_error: nftables.func('int nft_ctx_buffer_error(void *)'),
    nft_ctx_get_output_buffer: nftables.func('const char *nft_ctx_get_output_buffer(void *)'),
    nft_ctx_get_error_buffer: nftables.func('const char *nft_ctx_get_error_buffer(void *)'),
    nft_ctx_output_set_flags: nftables.func('void nft_ctx_output_set_flags(void *, uint32_t)'),
    nft_run_cmd_from_buffer: nftables.func('int nft_run_cmd_from_buffer(void *, const char *)'),
  }
}

/**
 * A session of nft in a namespace: its netlink socket stays there. A table with `flags owner` lasts as long as the session
 * (or this process). Commands run in the thread of the caller and take the kernel a fraction of a millisecond.
 */
export class NftSession implements Disposable {
  readonly #library: Library
  readonly #context: object
  readonly #enter: <T>(action: () => T) => T

  /** @throws Error in the words of `ip`, when the namespace does not exist */
  constructor(libc: Libc, nftables: Library, netns?: string) {
    this.#library = nftables
    this.#enter = (action) => inNamespace(libc, netns, action)
    const context = this.#enter(() => nftables.nft_ctx_new(0))
    if (context === null) throw new Error('nft_ctx_new: no memory')
    nftables.nft_ctx_buffer_output(context)
    nftables.nft_ctx_buffer_error(context)
    this.#context = context
  }

  /** @returns what nft prints, with handles. @throws Error with nft's own words */
  run(command: string, format: 'text' | 'json' = 'text'): string {
    const flags = format === 'json' ? output.handle | output.json : output.handle
    this.#library.nft_ctx_output_set_flags(this.#context, flags)
    // Names of devices are looked up in the namespace of the thread.
    const status = this.#enter(() => this.#library.nft_run_cmd_from_buffer(this.#context, command))
    if (status === 0) return this.#library.nft_ctx_get_output_buffer(this.#context)
    throw new Error(this.#library.nft_ctx_get_error_buffer(this.#context).trim())
  }

  [Symbol.dispose](): void {
    this.#library.nft_ctx_free(this.#context)
  }
}
