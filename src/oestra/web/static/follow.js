// A job in the background, asked about until it is over. A new one takes its place.
import { ask } from "./api.js";

const EVERY = 300;

export class Follower {
  job = "";

  // `seen` is called with every answer; returns the last one, or null where another job began.
  async follow(found, seen) {
    let known = 0, last = found;
    this.job = found.job;
    while (this.job === found.job) {
      seen(last);
      if (last.result) known = last.result.part;
      if (["done", "stopped", "failed"].includes(last.state)) return last;
      await new Promise((go) => setTimeout(go, EVERY));
      if (this.job !== found.job) return null;
      last = await ask(`/api/runs/${found.job}`, { query: new URLSearchParams({ known }) });
    }
    return null;
  }

  async stop() {
    if (this.job) await ask(`/api/runs/${this.job}`, { method: "DELETE" });
  }
}
