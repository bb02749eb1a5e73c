// Rows of a series that wait to be made have no number yet: until the server says which, what is about them names them by a
// handle of their own.
const NEW = "new-";

export const handleFor = (key) => `${NEW}${key}`;
export const isHandle = (instance) => String(instance ?? "").startsWith(NEW);

// The row that an entry is about: of an act its ``on``, of an answer the last part of its place.
export const rowOf = (entry) => entry.on ?? entry.place?.split("/")[2];

export const isUnmade = (entry) => isHandle(rowOf(entry));
