/** An image source in words for the page: `24,000 scenes drawn from seed 1`. Paths are left out: a page may be published. */
export function describeImages(spec: Readonly<Record<string, unknown>>, count: number): string {
  const pictures = count.toLocaleString("en");
  switch (spec.source) {
    case "scenes":
      return `${pictures} scenes drawn from seed ${spec.seed}`;
    case "folder":
      return `${pictures} pictures of a folder`;
    case "parquet":
      return `${pictures} pictures of a Parquet data set`;
    case "hub":
      return `${pictures} pictures of ${spec.repo}`;
    default:
      return `${pictures} pictures`;
  }
}
