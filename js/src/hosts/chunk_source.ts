/**
 * Loads the chunks of a session through whichever of its hosts is alive.
 *
 * Two views of one session share a store, and either may be closed while parts are still under way.
 */
import { type Host, HostGone } from "./host";

export interface ChunkSource {
  attach(host: Host): () => void;
  load(name: string): Promise<Uint8Array>;
}

export function createChunkSource(): ChunkSource {
  const hosts = new Set<Host>();

  async function load(name: string): Promise<Uint8Array> {
    const [host] = hosts;
    if (!host) throw new HostGone();
    try {
      return await host.load(name);
    } catch (reason) {
      if (reason instanceof HostGone && hosts.size > 0 && !hosts.has(host)) return load(name);
      throw reason;
    }
  }

  return {
    attach(host) {
      hosts.add(host);
      return () => {
        hosts.delete(host);
        host.dispose();
      };
    },
    load,
  };
}
