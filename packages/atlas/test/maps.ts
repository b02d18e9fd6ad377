import type { Locator } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { Visiting } from "./live.ts";

const eventually: typeof expect.poll = (read) => expect.poll(read, { timeout: 20_000 });

/** The colour in the middle of a token of a map, as its canvas has it: red, green, blue, alpha. */
function pixelOf(cell: Locator, row: number, column: number): Promise<number[]> {
  return cell.locator("canvas").evaluate(
    (element, [row, column]) => {
      const canvas = element as HTMLCanvasElement;
      const side = canvas.width / 4;
      const [x, y] = [(column! + 0.5) * side, (row! + 0.5) * side];
      // Read from a copy: Chromium warns of reading the canvas itself again and again.
      const copy = new OffscreenCanvas(1, 1).getContext("2d")!;
      copy.drawImage(canvas, -x, -y);
      return Array.from(copy.getImageData(0, 0, 1, 1).data);
    },
    [row, column],
  );
}

/** Tests of the page of feature maps. `visiting` is known once the tests run. */
export function describeMaps(visiting: () => Visiting): void {
  describe("the page of feature maps", () => {
    test("the threshold moves masks and colours at once, and the address keeps it", async () => {
      const visited = await visiting().open("#/maps");
      const { page } = visited;
      const overlaps = page.locator(".maps-iou");
      await overlaps.nth(1).waitFor();
      // Found by the one encoder, and nowhere by the other.
      expect(await overlaps.allTextContents()).toEqual(["1.00", "0.00"]);
      const mask = page.getByRole("button", { name: "the first: subject", exact: true }).first();
      const colours = page.getByRole("button", { name: "the first: subjects’ components" }).first();
      const darkened = async (row: number, column: number) => (await pixelOf(mask, row, column))[3]! > 128;
      expect(await darkened(0, 0)).toBe(true);
      expect(await darkened(1, 1)).toBe(false);
      expect((await pixelOf(colours, 0, 0)).slice(0, 3)).toEqual([0, 0, 0]);
      const before = await pixelOf(colours, 1, 1);
      await page.getByRole("slider", { name: "Threshold" }).fill("-2");
      await eventually(() => overlaps.allTextContents()).toEqual(["0.25", "0.25"]);
      expect(await darkened(0, 0)).toBe(false);
      expect((await pixelOf(colours, 0, 0)).slice(0, 3)).not.toEqual([0, 0, 0]);
      expect(await pixelOf(colours, 1, 1)).not.toEqual(before);
      await eventually(() => page.url()).toContain("t=-2");
      await page.reload();
      await eventually(() => overlaps.allTextContents()).toEqual(["0.25", "0.25"]);
      await page.getByRole("button", { name: "Each encoder’s own" }).click();
      await eventually(() => overlaps.allTextContents()).toEqual(["1.00", "0.00"]);
      await visiting().leave(visited);
    });

    test("pointing at a patch frames the nearest in every image, and a click keeps it", async () => {
      const visited = await visiting().open("#/maps?encoders=sharp");
      const { page } = visited;
      const said = page.locator(".maps-nearest");
      const first = page.getByRole("button", { name: "the first: subject", exact: true });
      await first.waitFor();
      expect(await said.count()).toBe(0);
      const box = (await first.boundingBox())!;
      await page.mouse.move(box.x + 0.4 * box.width, box.y + 0.4 * box.height);
      // Things of the third image are alike, those of the second are not.
      await eventually(() => said.textContent()).toMatch(
        /Nearest elsewhere: the third \(1\.00\); the second \(0\.0\d/,
      );
      const third = page.getByRole("button", { name: "the third: subject", exact: true });
      const shade = async (row: number, column: number) => (await pixelOf(third, row, column))[3]!;
      expect(await shade(2, 2)).toBeLessThan(40);
      expect(await shade(0, 0)).toBeGreaterThan(180);
      await page.mouse.click(box.x + 0.4 * box.width, box.y + 0.4 * box.height);
      await page.mouse.move(2, 300);
      await eventually(() => page.url()).toContain("at=0");
      await page.reload();
      await eventually(() => said.textContent()).toMatch(/the third \(1\.00\)/);
      await page.keyboard.press("Escape");
      await eventually(() => said.count()).toBe(0);
      await visiting().leave(visited);
    });

    test("keys walk over patches", async () => {
      const visited = await visiting().open("#/maps?encoders=sharp");
      const { page } = visited;
      const first = page.getByRole("button", { name: "the first: components of all" });
      await first.waitFor();
      await page.getByRole("button", { name: "the third: subjects’ components" }).focus();
      await page.keyboard.press("Tab");
      await page.keyboard.press("ArrowUp");
      const said = page.locator(".maps-nearest");
      await eventually(() => said.textContent()).toMatch(/the third \(1\.00\)/);
      await page.keyboard.press("ArrowUp");
      await eventually(() => said.textContent()).not.toMatch(/the third \(1\.00\); the second \(0\.0/);
      await visiting().leave(visited);
    });

    test("rows, images, layers and channels are chosen, and the address keeps them", async () => {
      const visited = await visiting().open("#/maps");
      const { page } = visited;
      await page.locator(".map-cell").nth(20).waitFor();
      expect(await page.locator(".map-cell").count()).toBe(3 + 2 * 3 * 3);
      await page.getByRole("button", { name: "blank", exact: true }).click();
      await eventually(() => page.locator(".map-cell").count()).toBe(3 + 3 * 3);
      await page.getByRole("button", { name: "one component", exact: true }).click();
      await page.getByRole("button", { name: "Image 2: the second" }).click();
      await eventually(() => page.locator(".map-cell").count()).toBe(2 + 4 * 2);
      await page.getByRole("combobox", { name: "Component" }).selectOption("3");
      await page.getByText("number 3 of all images: 10 % of the variance").waitFor();
      await page.getByRole("combobox", { name: "Layer" }).selectOption("block.0");
      await page.getByText("layer block.0: 4 × 4 tokens").waitFor();
      await page.getByRole("combobox", { name: "Of" }).selectOption("2");
      await page.getByText("block.0, channel 7").waitFor();
      await page.reload();
      await page.getByText("block.0, channel 7").waitFor();
      await eventually(() => page.locator(".map-cell").count()).toBe(2 + 4 * 2);
      await visiting().leave(visited);
    });

    test("draws distributions and overlaps with their intervals", async () => {
      const visited = await visiting().open("#/maps");
      const { page } = visited;
      const overlap = page.getByRole("img", { name: /^Mean IoU over 3 images/ });
      await overlap.locator("svg").waitFor();
      expect(await overlap.getAttribute("aria-label")).toContain("sharp 0.90, blank 0.10; colour alone 0.40");
      await page.getByText("0.90 (0.85 to 0.95) at 0.00 σ").waitFor();
      const kurtosis = page.getByRole("row", { name: /^Excess kurtosis/ });
      expect(await kurtosis.textContent()).toMatch(/2.*1\.9.*2\.1/);
      const bars = page.getByRole("img", { name: /^Activations of sharp, last/ });
      await bars.locator("svg rect").first().waitFor();
      expect(await bars.locator("svg rect").count()).toBe(4);
      await page.getByRole("row", { name: /apple/ }).first().waitFor();
      await visiting().leave(visited);
    });
  });
}
