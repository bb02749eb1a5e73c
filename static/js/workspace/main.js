// The curator's workspace. Everything here has a way without it: forms, links and "Find the words".
//
// Each module keeps one matter and speaks to the others by the few seams below; a new part of the workspace is a module
// beside these, imported here for what it does.
//
//   hub.js        space                       the workspace's element
//                 on(name, run), emit(name, detail)
//                                             events: "form-opened" {form}, "form-closed" {slug}, "form-changed" {form, target},
//                                             "evidence-added" {form, line}, "saved" {slug, form},
//                                             "drawn" {elements} (parts of the page that the server sent anew), "held" {quote}
//                 word(name)                  words for people: [data-word=NAME] of a template, so that they are translated
//   forms.js      currentForm()               the form last opened or touched, or null
//                 openFeature(slug, instance) opens a feature's form; resolves to it
//                 closeForm(form)             puts the form away
//                 slugOf(form)                of which feature it is
//   evidence.js   addEvidence(form, {value, words, name = "quote"})
//                                             one more piece of evidence in the form, sent as the field NAME=VALUE
//   selection.js  held(), hold(quote), drop() the words selected in the text that wait for their feature; hold takes what
//                                             addEvidence takes, too: a rectangle (regions.js), a table's cell (cells.js)
//   keys.js       registerKey(key, words, run, {within, when, where})
//                                             a key (or list of keys) that does something, listed in the help under its
//                                             words; run(key) is called when no text is being typed (where: "anywhere" to be
//                                             called then too), the focus is within a selector, and when() is true.
//                                             "Ctrl+z", "Shift+Tab", "1" are keys. Keys pressed while a form is on its way
//                                             wait for it.
//                 whenSettled(run)            runs once nothing is on its way
//   tabs.js       showTab(name)               "text" or "features", where the window is too narrow for both
//   search.js     findFeature()               to the feature search
//   regions.js    rectangles drawn on figures; cells.js: cells of tables; within.js: words found in the article
import "./tabs.js";
import "./selection.js";
import "./evidence.js";
import "./search.js";
import "./keys.js";
import "./regions.js";
import "./cells.js";
import "./within.js";
import { start } from "./forms.js";

start();
