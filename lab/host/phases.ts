/** The phases of a run: each prints its name, its state while it takes long, and its seconds. */

export interface Phase {
  name: string;
  seconds: number;
}

/** Tells what a phase is doing, in a few words; printed only while the phase runs long. */
export type Report = (state: string) => void;

const STATE_EVERY_MS = 15_000;

export class Phases {
  /** Those that have ended well, in order of their ends. */
  readonly done: Phase[] = [];
  private readonly print: (line: string) => void;

  constructor(print: (line: string) => void = (line) => console.error(line)) {
    this.print = print;
  }

  /** A line for whoever reads along. */
  say(line: string): void {
    this.print(line);
  }

  /** Runs `work` as the phase `name`; an error passes through, after a line that names the phase. */
  async run<T>(name: string, work: (report: Report) => Promise<T>): Promise<T> {
    const started = performance.now();
    const seconds = () => Math.round((performance.now() - started) / 100) / 10;
    let state = "";
    this.print(`… ${name}`);
    const timer = setInterval(() => {
      this.print(`  ${name}: ${Math.round(seconds())} s${state ? `, ${state}` : ""}`);
    }, STATE_EVERY_MS);
    try {
      const result = await work((now) => {
        state = now.trim().slice(0, 100);
      });
      this.done.push({ name, seconds: seconds() });
      this.print(`✓ ${name} (${seconds()} s)`);
      return result;
    } catch (error) {
      this.print(`✗ ${name} (${seconds()} s)${state ? `, ${state}` : ""}`);
      throw error;
    } finally {
      clearInterval(timer);
    }
  }
}
