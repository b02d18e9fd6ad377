import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AtlasServer, serveAtlas } from "@optogram/atlas";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium, launch, type Visit, visit } from "./browser.ts";
import { describeCompare } from "./compare.ts";
import { describeEncoders } from "./encoders.ts";
import { removeFolder, renderSmallAtlas, type SmallAtlas } from "./fixture.ts";
import { describeGallery } from "./gallery.ts";
import { describeLive } from "./live.ts";
import { describeMaps } from "./maps.ts";
import { describeRefined } from "./refined.ts";
import { describeSuperposition } from "./superposition.ts";
import { describeWords } from "./words.ts";

const chromiumPath = findChromium();
/** A busy machine draws late, and lateness is no fault. */
const eventually: typeof expect.poll = (read) => expect.poll(read, { timeout: 20_000 });

const scratch = join(tmpdir(), `optogram-atlas-test-${process.pid}`);

describe.skipIf(!chromiumPath)("the page in a browser", { timeout: 120_000 }, () => {
  let atlas: SmallAtlas;
  let server: AtlasServer;
  let browser: Browser;

  beforeAll(async () => {
    atlas = await renderSmallAtlas(scratch);
    server = await serveAtlas(atlas.folder, { port: 0 });
    browser = await launch(chromiumPath!);
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await removeFolder(scratch);
  });

  const open = (hash: string, options?: Parameters<typeof visit>[2], url = server.url) =>
    visit(browser, `${url}${hash}`, options);

  /** Every visit ends with a look at what went wrong. */
  async function leave({ context, troubles }: Visit): Promise<void> {
    await context.close();
    expect(troubles).toEqual([]);
  }

  /** Text without the space that only the layout puts between its parts. */
  async function textOf(locator: Locator): Promise<string> {
    return ((await locator.textContent()) ?? "").replaceAll(/\s+/g, "");
  }

  async function openMap(hash = "#/map", options?: Parameters<typeof visit>[2]): Promise<Visit> {
    const visited = await open(hash, options);
    await visited.page.locator(".mini-map-view").waitFor();
    return visited;
  }

  /** Where the map looks, as the minimap shows it: shares of its width and height. */
  function looksAt(page: Page): Promise<{ x: number; y: number; width: number }> {
    return page.locator(".map-tools .mini-map-view").evaluate((element) => {
      const value = (name: "left" | "top" | "width" | "height") =>
        Number.parseFloat((element as HTMLElement).style[name]);
      return {
        x: value("left") + value("width") / 2,
        y: value("top") + value("height") / 2,
        width: value("width"),
      };
    });
  }

  test("the start page says what this is and leads on", async () => {
    const visited = await open("");
    const { page } = visited;
    await page.getByRole("heading", { level: 1 }).waitFor();
    expect(await page.title()).toContain("Small atlas");
    const loaded = await page.evaluate(() =>
      performance.getEntriesByType("resource").map(({ name }) => name.split("/").at(-1) ?? ""),
    );
    // The map's viewer and the charts are fetched where they are needed.
    expect(loaded.some((name) => name.startsWith("charts-"))).toBe(false);
    expect(loaded.some((name) => name.startsWith("map-") && name.endsWith(".js"))).toBe(false);
    await page.getByRole("link", { name: "Explore the map" }).click();
    await page.locator(".mini-map-view").waitFor();
    expect(new URL(page.url()).hash).toBe("#/map");
    await leave(visited);
  });

  test("the cover names what is pointed at and leads there", async () => {
    const visited = await open("");
    const { page } = visited;
    const mosaic = page.locator(".mosaic");
    await mosaic.waitFor();
    await mosaic.hover({ position: { x: 900, y: 200 } });
    const name = await textOf(page.locator(".hover-name"));
    await mosaic.click({ position: { x: 900, y: 200 } });
    await page.locator(".panel h2").waitFor();
    expect(await textOf(page.locator(".panel h2"))).toBe(name);
    await leave(visited);
  });

  test("keys move the map, and the address keeps the view", async () => {
    const visited = await openMap();
    const { page } = visited;
    const before = await looksAt(page);
    for (let i = 0; i < 5; i++) await page.keyboard.press("+");
    await eventually(async () => (await looksAt(page)).width).toBeLessThan(before.width / 2);
    const zoomed = await looksAt(page);
    await page.keyboard.press("ArrowRight");
    await eventually(async () => (await looksAt(page)).x).toBeGreaterThan(zoomed.x + 1);
    await page.keyboard.press("ArrowDown");
    await eventually(async () => (await looksAt(page)).y).toBeGreaterThan(zoomed.y + 1);
    await eventually(() => page.url()).toMatch(/x=0\.\d+&y=0\.\d+&z=\d/);
    const there = await looksAt(page);
    const again = await openMap(new URL(page.url()).hash);
    expect((await looksAt(again.page)).x).toBeCloseTo(there.x, 0);
    expect((await looksAt(again.page)).width).toBeCloseTo(there.width, 0);
    await leave(again);
    await page.keyboard.press("0");
    await eventually(async () => (await looksAt(page)).width).toBeCloseTo(before.width, 0);
    await leave(visited);
  });

  test("the mouse drags the map, names features and selects them", async () => {
    const visited = await openMap("#/map?x=0.5&y=0.5&z=3");
    const { page } = visited;
    const before = await looksAt(page);
    await page.mouse.move(700, 500);
    await page.mouse.down();
    await page.mouse.move(600, 440, { steps: 4 });
    await page.mouse.move(500, 400, { steps: 4 });
    await page.waitForTimeout(250);
    await page.mouse.up();
    await eventually(async () => (await looksAt(page)).x).toBeGreaterThan(before.x + 1);
    await page.mouse.move(640, 420);
    await page.mouse.move(642, 422);
    const name = await textOf(page.locator(".hover-name"));
    await page.getByText("fires together").first().waitFor();
    await page.mouse.click(642, 422);
    expect(await textOf(page.locator(".panel h2"))).toBe(name);
    expect(page.url()).toContain(`f=${Number.parseInt(name, 10)}`);
    await page.keyboard.press("Escape");
    await page.locator(".panel").waitFor({ state: "detached" });
    await page.goBack();
    await page.locator(".panel").waitFor();
    await leave(visited);
  });

  test("fingers drag and pinch the map, and a tap selects", async () => {
    const visited = await openMap("#/map", { device: "phone" });
    const { page, context } = visited;
    const touch = await context.newCDPSession(page);
    const send = (type: "touchStart" | "touchMove" | "touchEnd", points: [number, number][]) =>
      touch.send("Input.dispatchTouchEvent", {
        type,
        touchPoints: points.map(([x, y], id) => ({ x, y, id })),
      });
    const before = await looksAt(page);

    await send("touchStart", [
      [170, 480],
      [220, 480],
    ]);
    for (let step = 1; step <= 8; step++)
      await send("touchMove", [
        [170 - step * 12, 480],
        [220 + step * 12, 480],
      ]);
    await send("touchEnd", []);
    await eventually(async () => (await looksAt(page)).width).toBeLessThan(before.width * 0.6);

    const pinched = await looksAt(page);
    await send("touchStart", [[250, 500]]);
    for (let step = 1; step <= 8; step++) await send("touchMove", [[250 - step * 12, 500]]);
    await page.waitForTimeout(200);
    await send("touchEnd", []);
    await eventually(async () => (await looksAt(page)).x).toBeGreaterThan(pinched.x + 1);

    await page.touchscreen.tap(190, 450);
    await page.locator(".panel h2").waitFor();
    expect(page.url()).toMatch(/f=\d+/);
    await leave(visited);
  });

  test("a search by number leads to the feature, by word it lights its features", async () => {
    const visited = await openMap();
    const { page } = visited;
    await page.keyboard.press("/");
    await page.keyboard.type(String(atlas.feature));
    await page.keyboard.press("Enter");
    await page.locator(".panel h2", { hasText: String(atlas.feature) }).waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("/");
    await page.keyboard.type("eas");
    await page.getByRole("option", { name: /east/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByText(/features: east/).waitFor();
    expect(page.url()).toContain("q=east");
    await leave(visited);
  });

  test("a feature page shows all that is known of it", async () => {
    const visited = await open(`#/feature/${atlas.feature}`);
    const { page } = visited;
    await page
      .getByRole("heading", { level: 1, name: new RegExp(`Feature ${atlas.feature} ${atlas.kind}`) })
      .waitFor();
    const tops = page.locator(".tops figure");
    expect(await tops.count()).toBeGreaterThanOrEqual(3);
    const values = await tops.locator("figcaption").allTextContents();
    expect(values.map(Number)).toEqual(values.map(Number).sort((a, b) => b - a));
    expect(await tops.first().getByRole("img").getAttribute("aria-label")).toBeTruthy();
    await page.locator(".chart svg").waitFor();
    expect(await page.locator(".chart svg rect").count()).toBe(24);
    await page.getByText(/held-out image/).waitFor();
    expect(await page.locator(".feature-row").count()).toBe(2);
    await page.locator(".where .mini-map-first").waitFor();

    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Data as JSON" }).click();
    const data = JSON.parse(await readFile(await (await download).path(), "utf8"));
    expect(data).toMatchObject({ feature: atlas.feature, answers: atlas.kind, encoder: "small" });
    expect(data.tops).toHaveLength(values.length);

    await page.keyboard.press("ArrowRight");
    await page
      .getByRole("heading", { level: 1, name: new RegExp(`Feature ${atlas.feature + 1} `) })
      .waitFor();
    await page.keyboard.press("ArrowLeft");
    await page.getByRole("heading", { level: 1, name: new RegExp(`Feature ${atlas.feature} `) }).waitFor();
    await leave(visited);
  });

  test("a dead feature and one that is not there are named as such", async () => {
    const visited = await open(`#/feature/${atlas.dead}`);
    await visited.page.getByText("This feature is dead").waitFor();
    await visited.page.goto(`${server.url}#/feature/9999`);
    await visited.page.getByRole("heading", { name: "There is no such feature" }).waitFor();
    await visited.page.goto(`${server.url}#/nowhere`);
    await visited.page.getByRole("heading", { name: "There is no such page" }).waitFor();
    await leave(visited);
  });

  test("an atlas without networks has no way to the pages that run them", async () => {
    const visited = await open("");
    const { page } = visited;
    await page.route("**/atlas.json", async (route) => {
      const site = await (await route.fetch()).json();
      site.pages = site.pages.filter((name: string) => name !== "photo" && name !== "combine");
      for (const encoder of site.encoders) delete encoder.live;
      await route.fulfill({ json: site });
    });
    for (const hash of ["", `#/feature/${atlas.feature}`, "#/map"]) {
      await page.waitForLoadState("networkidle");
      await page.goto("about:blank");
      await page.goto(`${server.url}${hash}`);
      await page.locator("h1").first().waitFor({ state: "attached" });
      expect(await page.locator('a[href*="photo"], a[href*="combine"]').count(), hash).toBe(0);
    }
    await page.waitForLoadState("networkidle");
    await page.goto(`${server.url}#/photo`);
    await page.getByRole("heading", { name: "There is no such page" }).waitFor();
    await leave(visited);
  });

  test("a drawn picture stands beside the top images, with what is known of it", async () => {
    const visited = await open("#/feature/4");
    const { page } = visited;
    const drawn = page.locator(".drawn");
    await drawn.waitFor();
    const said = await drawn.locator("figcaption").textContent();
    expect(said).toMatch(/Optimised through the encoder.*0\.86.*0\.5.*number 3 by strength of/s);
    await page.goto(`${server.url}#/feature/1`);
    await page.getByRole("heading", { level: 1, name: /Feature 1 / }).waitFor();
    expect(await drawn.count()).toBe(0);
    await page.goto(`${server.url}#/features?sort=rank`);
    await eventually(() => page.locator(".grid-cell").first().textContent()).toMatch(/^0.*rank 1 /);
    await leave(visited);
  });

  test("the grid of features sorts and filters, and the address keeps both", async () => {
    const visited = await open("#/features");
    const { page } = visited;
    await page.locator(".grid-cell").first().waitFor();
    await page.getByLabel("Sort by").selectOption("number");
    await eventually(() => page.locator(".grid-cell").first().textContent()).toMatch(/^0\D/);
    await page.getByLabel("Answers to").selectOption(atlas.kind);
    await eventually(() => page.locator(".grid-cell").count()).toBe(1);
    expect(page.url()).toContain("sort=number");
    expect(page.url()).toContain(`kind=${atlas.kind}`);
    await page.goto(`${server.url}#/features?show=dead`);
    await expect
      .poll(() => page.locator(".grid-cell").allTextContents())
      .toEqual([expect.stringContaining(String(atlas.dead))]);
    await leave(visited);
  });

  test("the about page draws the figures and names what was run", async () => {
    const visited = await open("#/about");
    const { page } = visited;
    await page.locator(".chart svg").nth(5).waitFor();
    expect(await page.locator(".chart svg").count()).toBe(6);
    await page.getByText("best feature of small-random").waitFor();
    await page.getByRole("row", { name: /^Pictures among the five 85 %/ }).waitFor();
    const artifact = page.locator("details", { hasText: "compute-coactivation" });
    await artifact.locator("summary").click();
    await artifact.getByText(/^[0-9a-f]{64}$/).waitFor();
    await leave(visited);
  });

  test.each([
    "",
    "#/map",
    "#/map?f=1",
    "#/features",
    "#/feature/1",
    "#/feature/2",
    "#/gallery",
    "#/gallery?view=curated&f=4",
    "#/gallery?view=beside",
    "#/photo?of=1",
    "#/combine",
    "#/combine?a=2&b=3",
    "#/spread",
    "#/superposition",
    "#/maps",
    "#/about",
  ])("a phone shows %s without scrolling sideways", async (hash) => {
    const visited = await open(hash, { device: "phone" });
    await visited.page.locator("h1").first().waitFor({ state: "attached" });
    await visited.page.waitForLoadState("networkidle");
    const width = await visited.page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(390);
    const small = await visited.page.evaluate(
      () =>
        [...document.querySelectorAll("main *")].filter(
          (element) =>
            element.childElementCount === 0 &&
            element.textContent &&
            Number.parseFloat(getComputedStyle(element).fontSize) < 13,
        ).length,
    );
    expect(small).toBe(0);
    await leave(visited);
  });

  test.each([1280, 800])(
    "a window of %d pixels holds the way to every page and the search",
    async (width) => {
      const visited = await open("#/about");
      const { page } = visited;
      await page.setViewportSize({ width, height: 800 });
      const search = page.getByLabel("Search").first();
      await eventually(async () => (await search.boundingBox())?.width ?? 0).toBeGreaterThan(150);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await page.getByRole("link", { name: "Maps" }).click();
      await page.locator(".maps-row").first().waitFor();
      await leave(visited);
    },
  );

  test("the theme follows the system, with readable contrast in both", async () => {
    for (const scheme of ["dark", "light"] as const) {
      const visited = await open("#/about", { scheme });
      await visited.page.locator(".faint").first().waitFor();
      const ratios = await visited.page.evaluate(() => {
        const luminance = (colour: string) => {
          const parts = colour
            .match(/[\d.]+/g)!
            .slice(0, 3)
            .map((part) => Number(part) / 255);
          const [r, g, b] = parts.map((part) =>
            part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
          );
          return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
        };
        const ground = luminance(getComputedStyle(document.documentElement).backgroundColor);
        return [".faint", ".lead", "h1", "nav a"].map((selector) => {
          const text = luminance(getComputedStyle(document.querySelector(selector)!).color);
          return (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
        });
      });
      for (const ratio of ratios) expect(ratio).toBeGreaterThanOrEqual(4.5);
      const ground = await visited.page.evaluate(
        () => getComputedStyle(document.documentElement).backgroundColor,
      );
      expect(ground).toBe(scheme === "dark" ? "rgb(12, 13, 15)" : "rgb(250, 249, 246)");
      await leave(visited);
    }
  });

  test("everything is reached by the Tab key, and the focus is seen", async () => {
    const visited = await open(`#/feature/${atlas.feature}`);
    const { page } = visited;
    await page.locator(".tops").waitFor();
    const reached: string[] = [];
    for (let i = 0; i < 30; i++) {
      await page.keyboard.press("Tab");
      const focus = await page.evaluate(() => {
        const element = document.activeElement as HTMLElement;
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        return {
          name: element.getAttribute("aria-label") ?? element.textContent ?? "",
          seen: outlineStyle !== "none" && Number.parseFloat(outlineWidth) > 0,
          body: element === document.body,
        };
      });
      if (focus.body) break;
      expect(focus.seen, focus.name).toBe(true);
      reached.push(focus.name);
    }
    for (const name of ["Skip to the content", "Map", "Search", "Show on the map", "Data as JSON"]) {
      expect(
        reached.some((one) => one.includes(name)),
        name,
      ).toBe(true);
    }
    await leave(visited);
  });

  describeLive(() => ({ atlas, server, open, leave }));
  describeRefined(() => ({ atlas, server, open, leave }));
  describeSuperposition(() => ({ atlas, server, open, leave }));
  describeGallery(() => ({ atlas, server, open, leave }));
  describeCompare(() => ({ atlas, server, open, leave }));
  describeEncoders(() => ({ atlas, server, open, leave }));
  describeMaps(() => ({ atlas, server, open, leave }));

  describeWords(() => ({ atlas, server, open, leave }));

  test("a table that cannot be read is reported with what to do", async () => {
    const visited = await open("#/about");
    await visited.page.route("**/truth.parquet", (route) => route.fulfill({ status: 404, body: "" }));
    await visited.page.reload();
    const alert = visited.page.getByRole("alert");
    await alert.waitFor();
    expect(await alert.textContent()).toMatch(
      /truth\.parquet could not be read.*Check that the whole folder/s,
    );
    await visited.context.close();
  });
});
