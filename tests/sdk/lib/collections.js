/** Everything in a collection of the SDK, page after page. */
export async function all(collection) {
  const items = [];
  await (await collection).each(item => { items.push(item); });
  return items;
}
