/**
 * The keys, in the words that `?` shows. A view that takes a key has its line here.
 */

export interface Key {
  readonly keys: string;
  readonly does: string;
  readonly where: "anywhere" | "map" | "grid" | "filters" | "plane" | "inspector";
}

export const KEYS: readonly Key[] = [
  { keys: "[ ]", does: "one probe back, one forward", where: "anywhere" },
  {
    keys: ", .",
    does: "back and forward among the examples looked at; Alt + ← and → as well",
    where: "anywhere",
  },
  { keys: "s", does: "select the example in focus, or let it go", where: "anywhere" },
  { keys: "Ctrl + Z", does: "take the last selection or filter back", where: "anywhere" },
  { keys: "Ctrl + Shift + Z", does: "do it again; Ctrl + Y as well", where: "anywhere" },
  { keys: "/", does: "find an example by id or path, or a class", where: "anywhere" },
  { keys: "f", does: "go to the filters", where: "anywhere" },
  { keys: "o", does: "list the selected examples alone, or all again", where: "anywhere" },
  { keys: "w", does: "the example wider, or narrower again", where: "anywhere" },
  {
    keys: "c",
    does: "compare the example in focus, or stop",
    where: "anywhere",
  },
  { keys: "?", does: "show this list", where: "anywhere" },
  {
    keys: "Escape",
    does: "let the selection go, then close the example, then leave the part, then the view: the notebook's keys work again",
    where: "anywhere",
  },
  { keys: "arrows", does: "move the map", where: "map" },
  { keys: "l r p", does: "drag a lasso, a box, or the map", where: "map" },
  {
    keys: "Enter",
    does: "select what is in sight; with Shift add it, with Alt take it away",
    where: "map",
  },
  { keys: "+ − 0", does: "zoom in, zoom out, show all", where: "map" },
  { keys: "arrows", does: "from example to example", where: "grid" },
  { keys: "Space", does: "select the example, or let it go", where: "grid" },
  { keys: "Shift + arrows", does: "select a range", where: "grid" },
  { keys: "Enter", does: "look at this example", where: "grid" },
  { keys: "+ −", does: "larger and smaller pictures", where: "grid" },
  { keys: "Ctrl + A", does: "select all that are listed", where: "grid" },
  { keys: "arrows", does: "walk the filters of one list", where: "filters" },
  { keys: "Space", does: "keep what the button in focus names", where: "filters" },
  { keys: "Enter", does: "add the histogram that is chosen", where: "filters" },
  {
    keys: "arrows",
    does: "move the end or the boundary in focus; with Shift further",
    where: "plane",
  },
  { keys: "Home End", does: "move it as far as it goes", where: "plane" },
  { keys: "← →", does: "previous and next example of the list", where: "inspector" },
  { keys: "arrows, Enter", does: "walk the nearest examples, go to one", where: "inspector" },
  { keys: "s", does: "swap the two that are compared", where: "inspector" },
];
