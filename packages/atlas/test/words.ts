import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { Visiting } from "./live.ts";

const eventually: typeof expect.poll = (read) => expect.poll(read, { timeout: 20_000 });

/** Numbers of the images that are found, the nearest first. */
function found(page: Page): Promise<number[]> {
  return page
    .locator(".words-found img")
    .evaluateAll((images) =>
      images.map((image) => Number(/(\d+)\.webp$/.exec((image as HTMLImageElement).src)?.[1])),
    );
}

/** Tests of the page of words. `visiting` is known once the tests run. */
export function describeWords(visiting: () => Visiting): void {
  describe("the page of words", () => {
    test("images change their order as a text is typed, and the address keeps it", async () => {
      const visited = await visiting().open("#/words?q=red");
      const { page } = visited;
      const nearestTwo = async () => (await found(page)).slice(0, 2).sort((a, b) => a - b);
      await eventually(async () => (await found(page)).slice(0, 3)).toEqual([0, 1, 2]);
      // σ((1 − 0.5) · 10)
      expect(await page.locator(".words-found .sure b").first().textContent()).toBe("> 99 %");
      const field = page.getByRole("searchbox", { name: "A text" });
      await field.fill("a blue");
      await eventually(async () => (await found(page)).slice(0, 3)).toEqual([29, 28, 27]);
      // As far along both axes: those in the middle.
      await field.fill("red, blue.");
      await eventually(nearestTwo).toEqual([14, 15]);
      await eventually(() => page.url()).toContain("q=red%2C+blue.");
      await page.reload();
      await eventually(nearestTwo).toEqual([14, 15]);
      await visiting().leave(visited);
    });

    test("says which words it does not read, and offers those that were begun", async () => {
      const visited = await visiting().open("#/words");
      const { page } = visited;
      const field = page.getByRole("searchbox", { name: "A text" });
      await field.fill("a red zeppelin");
      const said = page.locator(".words-read");
      await eventually(() => said.textContent()).toMatch(
        /Not among the 4 words that small reads: zeppelin\./,
      );
      await eventually(async () => (await found(page))[0]).toBe(0);
      await field.fill("zeppelin");
      await eventually(() => page.locator(".words-found").count()).toBe(0);
      await field.fill("a blueb");
      await said.getByRole("button", { name: "bluebell" }).click();
      expect(await field.inputValue()).toBe("a bluebell");
      await field.fill("red red red red blue");
      await eventually(() => said.textContent()).toContain("1 word at the end is not read: it takes 4.");
      await visiting().leave(visited);
    });

    test("a confidence leads to how it was calibrated", async () => {
      const visited = await visiting().open("#/words?q=red");
      const { page } = visited;
      await page.locator(".words-found .sure").first().click();
      const curve = page.getByRole("img", {
        name: /ECE 0\.010 with fitted values, 0\.600 with the heuristic/,
      });
      await curve.locator("svg circle").first().waitFor();
      expect(await curve.locator("svg circle").count()).toBe(3);
      await page
        .getByRole("img", { name: /^Cosines of pairs: matching and not matching/ })
        .locator("svg")
        .waitFor();
      const gap = page.getByRole("img", { name: /-?0\.05 across, 0\.45 among images, 0\.35 among texts/ });
      await gap.locator("svg rect").first().waitFor();
      expect(await gap.locator("svg rect").count()).toBe(3);
      expect(page.url()).toContain("calibration=1");
      await visiting().leave(visited);
    });

    test("says what each word does to the cosine with an image", async () => {
      const visited = await visiting().open("#/words?q=red+blue&image=29");
      const { page } = visited;
      const effects = page.locator(".words-effects > span");
      // Of √½ = 0.71: without red it is 1, without blue 0.
      await eventually(() => effects.allTextContents()).toEqual(["red−0.29", "blue+0.71"]);
      await visiting().leave(visited);
    });

    test("fits a phone", async () => {
      const hash = "#/words?q=red+zeppelin&image=3&calibration=1";
      const visited = await visiting().open(hash, { device: "phone" });
      const { page } = visited;
      await page.locator(".words-calibration svg").first().waitFor();
      await page.locator(".words-found img").first().waitFor();
      const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      expect(widths[0]).toBe(widths[1]);
      await visiting().leave(visited);
    });

    test("orders texts for an image of the set and for a photo", async () => {
      const visited = await visiting().open("#/words?q=blue&image=29");
      const { page } = visited;
      const prompts = page.locator(".words-prompt");
      await eventually(() => prompts.allTextContents()).toEqual(["blue", "blue", "red"]);
      await page.locator(".words-found a").nth(0).waitFor();
      const buffer = await page.locator(".words-asked img").screenshot();
      await page.setInputFiles("input[type=file]", { name: "mine.png", mimeType: "image/png", buffer });
      await page.getByRole("img", { name: "mine.png" }).waitFor();
      await eventually(() => prompts.count()).toBe(3);
      const cosines = (await page.locator(".words-prompts small").allTextContents()).map((text) =>
        Number(text.replace("−", "-")),
      );
      expect(cosines).toEqual([...cosines].sort((a, b) => b - a));
      expect(cosines[0]).not.toBe(cosines[2]);
      expect(page.url()).not.toContain("image=");
      await visiting().leave(visited);
    });
  });
}
