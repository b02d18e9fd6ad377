/** ImageNet's layout: a folder of images a synset, or one folder of images and a file of their classes. */

import { dirname, join } from "node:path";
import { chosenFiles, fileImages, listImages } from "./file-images.ts";
import { isFile, isFolder, readWhole } from "./files.ts";
import { ImageError } from "./picture.ts";
import { type ImageSource, type ImageSourceSpec, recordOf } from "./source.ts";
import { parseSynsetNames, type SynsetNames } from "./synsets.ts";

type ImageNetSpec = Extract<ImageSourceSpec, { source: "imagenet" }>;

/** Where the images of a part may lie, the competition's own archive among them. */
const partFolders = (part: string) => [part, `ILSVRC/Data/CLS-LOC/${part}`, `Data/CLS-LOC/${part}`];

/** What the file of the synsets' names is called by those who hand it out. */
const nameFiles = [
  "classes.json",
  "imagenet_class_index.json",
  "LOC_synset_mapping.txt",
  "synset_words.txt",
  "words.txt",
];

/** The classes of the validation images, as the competition on Kaggle hands them out. */
const solutionFile = "LOC_val_solution.csv";

/** A class without a name is called by its synset. */
export async function openImageNet(spec: ImageNetSpec): Promise<ImageSource> {
  const { path, limit } = spec;
  const below = await imageFolder(spec);
  const found = await listImages(join(path, below));
  const names = await readNames(spec, below);
  const classOf = await classesOf(spec, found, names);
  const skipped = below === "" ? 0 : below.length + 1;
  return fileImages(path, chosenFiles(found, limit, below), (id) => {
    const synset = classOf(id.slice(skipped));
    return recordOf(id, { label: synset === undefined ? undefined : (names.get(synset) ?? synset) });
  });
}

/** The folder of the images below `path`; "" where they lie in `path` itself. */
async function imageFolder({ path, part }: ImageNetSpec): Promise<string> {
  for (const folder of partFolders(part ?? "val")) if (await isFolder(join(path, folder))) return folder;
  if (part === undefined) return "";
  throw new ImageError(
    `${path}: there is no folder ${part} in it; leave part away for the images of ${path}`,
  );
}

async function readNames({ path, names }: ImageNetSpec, below: string): Promise<SynsetNames> {
  const places = [path, dirname(path), join(path, below)];
  const candidates = names ? [names] : places.flatMap((place) => nameFiles.map((name) => join(place, name)));
  for (const file of candidates) {
    if (names === undefined && !(await isFile(file))) continue;
    return parseSynsetNames(Buffer.from(await readWhole(file)).toString(), file);
  }
  return parseSynsetNames();
}

/** What tells an image's synset by its path below the folder of images. */
async function classesOf(
  { path, labels }: ImageNetSpec,
  files: readonly string[],
  names: SynsetNames,
): Promise<(file: string) => string | undefined> {
  const loose = files.find((file) => !file.includes("/"));
  if (loose === undefined) return (file) => file.slice(0, file.indexOf("/"));
  const solution = join(path, solutionFile);
  const file = labels ?? ((await isFile(solution)) ? solution : undefined);
  if (file === undefined) {
    throw new ImageError(
      `${path}: ${loose} lies in no folder of a synset; name the file of the images' classes with labels=FILE`,
    );
  }
  const classes = parseLabels(Buffer.from(await readWhole(file)).toString(), names);
  if (!files.some((image) => classes.has(stemOf(image)))) {
    throw new ImageError(`${file}: says nothing of ${loose}; a line is an image's name and its class`);
  }
  return (image) => classes.get(stemOf(image));
}

/** Lines of an image's name, with or without its ending, and its synset or the synset's number in their order. */
function parseLabels(text: string, names: SynsetNames): ReadonlyMap<string, string> {
  const order = [...names.keys()].sort();
  // One text a class, not one a line.
  const shared = new Map(order.map((synset) => [synset, synset]));
  const classes = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [image, value] = line.trim().split(/[\s,]+/);
    if (!image || !value || image === "ImageId") continue;
    const synset = (/^\d+$/.test(value) ? order[Number(value)] : undefined) ?? value;
    if (!shared.has(synset)) shared.set(synset, synset);
    classes.set(stemOf(image), shared.get(synset) as string);
  }
  return classes;
}

const stemOf = (file: string) => file.slice(file.lastIndexOf("/") + 1).replace(/\.[^.]*$/, "");
