/** One display for a run of many tasks: a line that lives in a terminal, plain lines elsewhere. */

export interface Display {
  /** A task begins. */
  begin(task: string): void;
  /** What the running task says; its latest line stands beside it. */
  say(text: string): void;
  /** The running task is over. */
  end(outcome: "done" | "cached" | "failed" | "stopped"): void;
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
      if (live) screen.write(`\r\x1b[2K${`  ${title}  ${text}`.slice(0, (screen.columns || 80) - 1)}`);
      else screen.write(spoke ? `       ${text}\n` : `  ${title}\n       ${text}\n`);
      spoke = true;
    },
    end(outcome) {
      const seconds = ((now() - began) / 1000).toFixed(1);
      const time = {
        done: `${seconds} s`,
        cached: "from the cache",
        failed: `failed after ${seconds} s`,
        stopped: `stopped after ${seconds} s`,
      }[outcome];
      const mark = outcome === "done" || outcome === "cached" ? "✓" : "✗";
      screen.write(`${live ? "\r\x1b[2K" : ""}${mark} ${title}  ${time}\n`);
    },
  };
}
