/** One display for a run of many tasks: a line that lives in a terminal, plain lines elsewhere. */

export interface Display {
  /** A task begins. */
  begin(task: string): void;
  /** What the running task says; its latest line stands beside it. */
  say(text: string): void;
  /** The running task is over. */
  end(outcome: "done" | "cached" | "failed"): void;
}

export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** `total` tasks shown on `screen`; `now` gives milliseconds. */
export function createDisplay(total: number, screen: Screen, now: () => number): Display {
  const live = screen.isTTY === true;
  let count = 0;
  let title = "";
  let began = 0;
  let spoke = false;

  return {
    begin(task) {
      count++;
      title = `${String(count).padStart(String(total).length)}/${total}  ${task}`;
      began = now();
      spoke = false;
      if (live) screen.write(`  ${title}`);
    },
    say(text) {
      if (text === "") return;
      if (live) screen.write(`\r\x1b[2K${`  ${title}  ${text}`.slice(0, (screen.columns ?? 80) - 1)}`);
      else screen.write(spoke ? `       ${text}\n` : `  ${title}\n       ${text}\n`);
      spoke = true;
    },
    end(outcome) {
      const seconds = ((now() - began) / 1000).toFixed(1);
      const time = { cached: "from the cache", done: `${seconds} s`, failed: `failed after ${seconds} s` }[
        outcome
      ];
      screen.write(`${live ? "\r\x1b[2K" : ""}${outcome === "failed" ? "✗" : "✓"} ${title}  ${time}\n`);
    },
  };
}
