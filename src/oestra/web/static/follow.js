// A job in the background, asked about until it is over. A new one takes its place.
import { ask, freeOnLeave } from "./api.js";

// Milliseconds between questions, before a first result and after it.
const FIRST = 120, LATER = 400;

export class Follower {
  job = "";
  over = true;

  constructor() {
    freeOnLeave(() => (this.over ? "" : this.job));
  }

  // `seen` is called with every answer; returns the last one, or null where another job began.
  async follow(found, seen) {
    let known = 0, last = found;
    this.job = found.job;
    this.over = false;
    while (this.job === found.job) {
      seen(last);
      if (last.result) known = last.result.part;
      this.over = ["done", "stopped", "failed"].includes(last.state);
      if (this.over) return last;
      await new Promise((go) => setTimeout(go, known ? LATER : FIRST));
      if (this.job !== found.job) return null;
      last = await ask(`/api/runs/${found.job}`, { query: new URLSearchParams({ known }) });
    }
    return null;
  }

  async stop() {
    if (this.job) await ask(`/api/runs/${this.job}`, { method: "DELETE" });
  }
}
