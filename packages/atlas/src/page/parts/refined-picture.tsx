import type { RefinedPicture } from "../data/combinations.ts";

/** A picture that was searched for in advance. They are small, and shown larger than they are. */
export function Refined({ picture, alt }: { picture: RefinedPicture; alt: string }) {
  return <img className="refined" src={picture.url} alt={alt} loading="lazy" decoding="async" />;
}
