/** One display for a run of many tasks, some beside each other: lines that live in a terminal, plain lines elsewhere. */

export type Outcome = "done" | "cached" | "failed" | "stopped";

export interface Display {
  /** A task begins. */
  begin(task: string): void;
  /** What a running task says; its latest line stands beside it. */
  say(task: string, text: string): void;
  /** A running task is over. */
  end(task: string, outcome: Outcome): void;
}

export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

interface Running {
  readonly title: string;
  readonly began: number;
  latest: string;
}

/** `total` tasks shown on `screen`; `now` gives milliseconds. */
export function createDisplay(total: number, screen: Screen, now: () => number): Display {
  const live = screen.isTTY === true;
  const running = new Map<string, Running>();
  let count = 0;
  /** Who said the last line, where there is no terminal. */
  let speaker: string | undefined;
  /** Lines that live. */
  let shown = 0;

  /** The running tasks' lines again, below what is written for good. */
  const redraw = (above = "") => {
    const up = shown > 1 ? `\x1b[${shown - 1}A` : "";
    const lines = [...running.values()].map(({ title, latest }) =>
      `  ${title}${latest && `  ${latest}`}`.slice(0, (screen.columns || 80) - 1),
    );
    screen.write(`${up}${shown > 0 ? "\r\x1b[J" : ""}${above}${lines.join("\n")}`);
    shown = lines.length;
  };

  return {
    begin(task) {
      count++;
      const title = `${String(count).padStart(String(total).length)}/${total}  ${task}`;
      running.set(task, { title, began: now(), latest: "" });
      if (live) redraw();
    },
    say(task, text) {
      const one = running.get(task);
      if (text === "" || !one) return;
      one.latest = text;
      if (live) redraw();
      else screen.write(speaker === task ? `       ${text}\n` : `  ${one.title}\n       ${text}\n`);
      speaker = task;
    },
    end(task, outcome) {
      const one = running.get(task);
      if (!one) return;
      running.delete(task);
      speaker = undefined;
      const seconds = ((now() - one.began) / 1000).toFixed(1);
      const time = {
        done: `${seconds} s`,
        cached: "from the cache",
        failed: `failed after ${seconds} s`,
        stopped: `stopped after ${seconds} s`,
      }[outcome];
      const mark = outcome === "done" || outcome === "cached" ? "✓" : "✗";
      const line = `${mark} ${one.title}  ${time}\n`;
      if (live) redraw(line);
      else screen.write(line);
    },
  };
}
