// Which form takes what is pointed at in the article, and what to do where there is none: the workspace and the adjudication each
// say so, and selection.js, regions.js and cells.js serve both.
let find = () => null;
let ask = () => {};

export const formNow = () => find();
export const chooseForm = () => ask();

export function pointInto(form, choose) {
  [find, ask] = [form, choose];
}
