import type { AtlasServer } from "@optogram/atlas";
import type { Locator } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { Visit, visit } from "./browser.ts";
import type { SmallAtlas } from "./fixture.ts";

const eventually: typeof expect.poll = (read) => expect.poll(read, { timeout: 20_000 });

/** What the visits below share with those of the other pages: an atlas is rendered once. */
export interface Visiting {
  readonly atlas: SmallAtlas;
  readonly server: AtlasServer;
  /** `url`: of another atlas than the test's own. */
  open(hash: string, options?: Parameters<typeof visit>[2], url?: string): Promise<Visit>;
  leave(visit: Visit): Promise<void>;
}

/** A picture of two colours as a file: a PNG that a browser draws. */
async function drawFile({ page }: Visit, left: string, right: string): Promise<Buffer> {
  const encoded = await page.evaluate(
    ([left, right]) => {
      const canvas = Object.assign(document.createElement("canvas"), { width: 64, height: 48 });
      const context = canvas.getContext("2d")!;
      for (const [i, colour] of [left, right].entries()) {
        context.fillStyle = colour!;
        context.fillRect(i * 32, 0, 32, 48);
      }
      return canvas.toDataURL("image/png").split(",")[1]!;
    },
    [left, right],
  );
  return Buffer.from(encoded, "base64");
}

/** A canvas's pixels, once something is painted. */
async function pixelsOf(canvas: Locator): Promise<string> {
  return canvas.evaluate((element) => (element as HTMLCanvasElement).toDataURL());
}

/** Tests of the pages that run networks. `visiting` is known once the tests run. */
export function describeLive(visiting: () => Visiting): void {
  describe("the pages that run networks", () => {
    const open = (hash: string) => visiting().open(hash);
    const leave = (visit: Visit) => visiting().leave(visit);

    test("a chosen photo becomes bars, and the slider rebuilds it from fewer features", async () => {
      const visited = await open("#/photo");
      const { page } = visited;
      await page.getByText("nothing leaves your machine").waitFor();
      const wasm = () =>
        page.evaluate(
          () => performance.getEntriesByType("resource").filter(({ name }) => /wasm|onnx/.test(name)).length,
        );
      expect(await wasm()).toBe(0);
      const buffer = await drawFile(visited, "tomato", "teal");
      await page.setInputFiles("input[type=file]", { name: "flag.png", mimeType: "image/png", buffer });

      const bars = page.locator(".bar");
      await bars.first().waitFor();
      expect(await bars.count()).toBe(6);
      const values = (await page.locator(".bar-value").allTextContents()).map(Number);
      expect(values).toEqual([...values].sort((a, b) => b - a));
      expect(values[0]).toBeGreaterThan(0);
      expect(await bars.first().getAttribute("href")).toMatch(/^#\/feature\/\d+/);
      expect(await page.locator(".where .mini-map-mark").count()).toBe(6);

      const painted = page.locator(".rebuilt canvas").nth(1);
      await page.locator(".painting:not(.painting-none)").nth(1).waitFor();
      const whole = await pixelsOf(painted);
      await page.getByRole("slider").fill("1");
      await eventually(() => pixelsOf(painted)).not.toBe(whole);
      await eventually(() => page.locator(".bar-left-out").count()).toBe(5);
      await eventually(() => page.url()).toContain("k=1");

      const before = await bars.first().getAttribute("href");
      const other = await drawFile(visited, "black", "gold");
      await page.setInputFiles("input[type=file]", {
        name: "other.png",
        mimeType: "image/png",
        buffer: other,
      });
      await eventually(() => bars.first().getAttribute("href")).not.toBe(before);
      await page.getByRole("link", { name: "Light them up on the map" }).click();
      await page.getByText("6 features of other.png").waitFor();
      await leave(visited);
    });

    test("what is no image is named as such, and the photo before stays", async () => {
      const visited = await open("#/photo?of=1");
      const { page } = visited;
      await page.locator(".bar").first().waitFor();
      await page.setInputFiles("input[type=file]", {
        name: "notes.txt",
        mimeType: "text/plain",
        buffer: Buffer.from("no image"),
      });
      await eventually(() => page.getByRole("alert").textContent()).toMatch(/notes\.txt is not an image/);
      expect(await page.locator(".bar").count()).toBe(6);
      await leave(visited);
    });

    test("a photo dropped on the start page opens, and one dropped on the map lights its features up", async () => {
      const visited = await open("");
      const { page } = visited;
      await page.getByRole("link", { name: "Drop in a photo" }).waitFor();
      const encoded = (await drawFile(visited, "navy", "pink")).toString("base64");
      const drop = async (selector: string) => {
        const transfer = await page.evaluateHandle((encoded) => {
          const data = new DataTransfer();
          const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
          data.items.add(new File([bytes], "dropped.png", { type: "image/png" }));
          return data;
        }, encoded);
        await page.dispatchEvent(selector, "drop", { dataTransfer: transfer });
      };
      await drop(".hero");
      await page.locator(".bar").first().waitFor();
      expect(new URL(page.url()).hash).toBe("#/photo");
      await page.goto(`${visiting().server.url}#/map`);
      await page.locator(".mini-map-view").waitFor();
      await drop(".map");
      await page.getByText("6 features of dropped.png").waitFor();
      await page.getByRole("button", { name: "Clear" }).click();
      await page.locator(".lit").waitFor({ state: "detached" });
      await leave(visited);
    });

    test("the slider paints what lies between two features, and the address keeps it", async () => {
      const visited = await open("#/combine?a=1&b=4");
      const { page } = visited;
      const live = page.locator(".between-live canvas");
      await page.locator(".between-live .painting:not(.painting-none)").waitFor();
      const middle = await pixelsOf(live);
      const slider = page.getByRole("slider");
      await slider.fill("0.2");
      await eventually(() => pixelsOf(live)).not.toBe(middle);
      await page.getByText("80 % ").first().waitFor();
      await eventually(() => page.url()).toContain("t=0.2");

      const stills = page.locator(".strip canvas:not(.painting-none)");
      await eventually(() => stills.count()).toBe(7);
      await slider.fill("0");
      await eventually(() => pixelsOf(live)).toBe(await pixelsOf(stills.first()));
      await slider.fill("1");
      await eventually(() => pixelsOf(live)).toBe(await pixelsOf(stills.last()));

      await eventually(() => page.url()).toContain("t=1");
      await page.getByRole("button", { name: "What does the encoder see in it?" }).click();
      await page.locator(".bar").first().waitFor();
      await page.goBack();
      await slider.waitFor();
      expect(await slider.inputValue()).toBe("1");
      await page.locator(".between-live .painting:not(.painting-none)").waitFor();

      const plain = await pixelsOf(live);
      await page.getByRole("checkbox").check();
      await eventually(() => pixelsOf(live)).not.toBe(plain);
      await eventually(() => page.url()).toContain("apart=1");
      await page.reload();
      await page.locator(".between-live .painting:not(.painting-none)").waitFor();
      expect(await page.getByRole("checkbox").isChecked()).toBe(true);
      expect(await slider.inputValue()).toBe("1");
      await leave(visited);
    });

    test("a photo is an end as well, and its features can be mixed anew", async () => {
      const visited = await open("#/photo?of=1");
      const { page } = visited;
      await page.getByRole("link", { name: "Walk from it to a feature" }).click();
      await page.locator(".end-photo").waitFor();
      await page.locator(".between-live .painting:not(.painting-none)").waitFor();
      await page.getByText("50 % your photo", { exact: true }).waitFor();
      await page.goBack();
      await page.getByRole("link", { name: "Mix its features yourself" }).click();
      const painting = page.locator(".mixture-live .painting:not(.painting-none)");
      await painting.waitFor();
      const sliders = page.getByRole("slider");
      expect(await sliders.count()).toBe(6);
      const before = await pixelsOf(painting);
      await sliders.first().fill("0");
      await eventually(() => pixelsOf(painting)).not.toBe(before);
      await page
        .getByRole("button", { name: /^Remove/ })
        .first()
        .click();
      await eventually(() => sliders.count()).toBe(5);
      await eventually(() => decodeURIComponent(page.url())).toMatch(/mix=\d+:[\d.]+(,\d+:[\d.]+){4}$/);
      await leave(visited);
    });

    test("another feature is chosen by number, and a pair of the same has nothing apart", async () => {
      const visited = await open(`#/feature/${visiting().atlas.feature}`);
      const { page } = visited;
      await page.getByRole("link", { name: "Combine with…" }).click();
      await page.locator(".between-live .painting:not(.painting-none)").waitFor();
      expect(page.url()).toContain(`a=${visiting().atlas.feature}`);
      expect(await page.locator(".preset").count()).toBeGreaterThan(2);
      const field = page.locator(".end").last().getByRole("combobox");
      await field.fill(String(visiting().atlas.feature));
      await page.keyboard.press("Enter");
      await eventually(() => page.url()).toMatch(
        new RegExp(`a=${visiting().atlas.feature}&b=${visiting().atlas.feature}`),
      );
      await page.getByRole("checkbox").check();
      await eventually(() => page.getByRole("alert").textContent()).toContain("point the same way");
      await leave(visited);
    });
  });
}
