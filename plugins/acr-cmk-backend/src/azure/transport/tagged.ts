/** The tags of an answer, when there are any. */
export function tagged(tags: Record<string, string> | null | undefined): {
  tags?: Record<string, string>;
} {
  return tags && Object.keys(tags).length > 0 ? { tags } : {};
}
