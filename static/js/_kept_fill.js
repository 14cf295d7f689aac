// A copy of a <template>, with {names} in its words and attributes filled in.

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

export const copyOf = (id, values) => {
  const copy = document.getElementById(id).content.cloneNode(true);
  const walker = document.createTreeWalker(copy, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.nodeType === Node.TEXT_NODE) node.data = filled(node.data, values);
    else for (const attribute of node.attributes) attribute.value = filled(attribute.value, values);
  }
  return copy;
};
