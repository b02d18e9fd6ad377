import { binaries, table, vectors, writeArtifact } from "@optogram/artifacts";
import type { Locator } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { Visiting } from "./live.ts";

const eventually: typeof expect.poll = (read) => expect.poll(read, { timeout: 20_000 });

const steps = 24;
const each = 3;
const points = 10 * each;

/** Writes what train-superposition would: a heap that becomes a star, without learning. */
export async function writeSuperposition(folder: string): Promise<void> {
  const frames = Array.from({ length: steps + 1 }, (_, step) => step);
  const turn = (digit: number) => (2 * Math.PI * digit) / 10;
  const along = (digit: number) => [Math.cos(turn(digit)), Math.sin(turn(digit))];
  const position = frames.flatMap((step) =>
    Array.from({ length: points }, (_, point) => {
      // At the start every point lies where the third class after its own will be.
      const bearing = turn(Math.floor(point / each) + 3 * (1 - step / steps));
      const far = (1 + (point % each)) * (0.2 + step / steps);
      return [far * Math.cos(bearing), far * Math.sin(bearing)];
    }).flat(),
  );
  const directions = frames.flatMap(() => Array.from({ length: 10 }, (_, digit) => along(digit)).flat());
  const description = {
    kind: "superposition",
    stage: "train-superposition",
    parameters: { seed: 1 },
    inputs: {},
    versions: { optogram: "0.1.0" },
    device: "cpu",
  };
  await writeArtifact(folder, description, async (writer) => {
    await writer.table(
      "frames.parquet",
      table({
        step: Uint32Array.from(frames),
        loss: Float32Array.from(frames, (step) => 2.3 - (2 * step) / steps),
        accuracy: Float32Array.from(frames, (step) => 0.1 + (0.9 * step) / steps),
        position: vectors(Float32Array.from(position), 2 * points),
        direction: vectors(Float32Array.from(directions), 20),
      }),
    );
    await writer.table(
      "points.parquet",
      table({
        image: Uint32Array.from({ length: points }, (_, point) => point),
        label: Uint8Array.from({ length: points }, (_, point) => Math.floor(point / each)),
        pixels: binaries(
          Array.from({ length: points }, (_, point) =>
            Uint8Array.from({ length: 784 }, (_, i) => ((i + point) % 9 === 0 ? 255 : 0)),
          ),
        ),
      }),
    );
    Object.assign(writer.metrics, { digits: 600, heldOut: { digits: 200, loss: 0.3, accuracy: 0.975 } });
  });
}

/** Tests of the page of ten classes in two dimensions. `visiting` is known once the tests run. */
export function describeSuperposition(visiting: () => Visiting): void {
  describe("ten classes in two dimensions", () => {
    const pixelsOf = (canvas: Locator) =>
      canvas.evaluate((element) => (element as HTMLCanvasElement).toDataURL());

    test("shows the end to those who want no motion, and scrubs, steps and plays", async () => {
      const visited = await visiting().open("#/superposition");
      const { page } = visited;
      const slider = page.getByRole("slider", { name: "Step of training" });
      const canvas = page.getByRole("img", { name: /as points in a plane/ });
      const step = page.locator(".figures dd").first();
      await slider.waitFor();
      expect(await step.textContent()).toBe(String(steps));
      await page.getByText("97.5 % of 200 unseen").waitFor();
      expect(await page.getByRole("checkbox").isChecked()).toBe(true);
      const end = await pixelsOf(canvas);

      await slider.fill("6");
      await eventually(() => step.textContent()).toBe("6");
      await eventually(() => pixelsOf(canvas)).not.toBe(end);
      expect(await canvas.getAttribute("aria-label")).toContain("after 6 steps");
      expect(await page.getByRole("checkbox").isChecked()).toBe(false);
      await eventually(() => page.url()).toContain("step=6");

      const without = await pixelsOf(canvas);
      await page.getByRole("checkbox").check();
      await eventually(() => pixelsOf(canvas)).not.toBe(without);
      expect(page.url()).toContain("directions=1");

      await page.locator("h1").click();
      await page.keyboard.press("ArrowRight");
      await eventually(() => step.textContent()).toBe("7");
      await page.keyboard.press(" ");
      await eventually(() => step.textContent()).toBe(String(steps));
      await page.getByRole("button", { name: "Replay" }).waitFor();
      await visiting().leave(visited);
    });

    test("a point under the pointer shows its digit, and an address its step", async () => {
      const visited = await visiting().open("#/superposition?step=0");
      const { page } = visited;
      const canvas = page.getByRole("img", { name: "after 0 steps" });
      await canvas.waitFor();
      const { width } = (await canvas.boundingBox())!;
      const at = await page.getByRole("slider", { name: "Step of training" }).inputValue();
      expect(at).toBe("0");
      await page.goto(`${visiting().server.url}#/superposition?step=${steps}`);
      // The first class's points lie to the right of the centre at the end.
      const digit = page.locator(".plane-digit");
      for (let x = 0.55; x < 0.98 && (await digit.count()) === 0; x += 0.02)
        await canvas
          .or(page.getByRole("img", { name: `after ${steps} steps` }))
          .hover({ position: { x: x * width, y: width / 2 } });
      expect(await digit.textContent()).toBe("a 0");
      await visiting().leave(visited);
    });
  });
}
