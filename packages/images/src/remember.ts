/** `make`, with its latest `count` results held. */
export function remember<K, V>(count: number, make: (key: K) => V): (key: K) => V {
  const held = new Map<K, V>();
  return (key) => {
    const known = held.get(key);
    if (known !== undefined) return known;
    const [oldest] = held.keys();
    if (oldest !== undefined && held.size >= count) held.delete(oldest);
    const made = make(key);
    held.set(key, made);
    return made;
  };
}
