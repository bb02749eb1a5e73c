// The curator's workspace. Everything here has a way without it: forms, links and "Find the words".
//
// Each module keeps one matter and speaks to the others by the few seams below; a new part of the workspace is a module
// beside these, imported here for what it does.
//
//   hub.js        space                       the workspace's element
//                 on(name, run), emit(name, detail)
//                                             events: "form-opened" {form}, "form-closed" {slug}, "form-changed" {form, target},
//                                             "form-left" {form} (another is opened), "form-filled" {form} (with what was typed before),
//                                             "evidence-added" {form, line}, "saved" {slug, form, kind}, "refused" {entry, html},
//                                             "kept-known" (what earlier windows left is here), "row-asked" {entry}, "row-forgotten" {id}, "conflict" {form},
//                                             "kept" {entry, answer} (the server's, before it is drawn), "forgotten" {entry}, "shown" (what waits is others),
//                                             "led" {from, place, version} (an answer's place is another), "answers-changed" {elements},
//                                             "drawn" {elements} (parts of the page that the server sent anew), "held" {quote}
//                 word(name)                  words for people: [data-word=NAME] of a template, so that they are translated
//   forms.js      currentForm()               the form last opened or touched, or null
//                 openFeature(slug, instance) opens a feature's form; resolves to it
//                 closeForm(form)             puts the form away
//                 slugOf(form)                of which feature it is
//   evidence.js   addEvidence(form, {value, words, name = "quote"})
//                                             one more piece of evidence in the form, sent as the field NAME=VALUE
//   target.js     formNow()                   the form that takes what is pointed at; selection.js, regions.js, cells.js and pieces.js
//                                             stand on it and the hub alone, so that the adjudication has them too
//   selection.js  held(), hold(quote), drop() the words selected in the text that wait for their feature; hold takes what
//                                             addEvidence takes, too: a rectangle (regions.js), a table's cell (cells.js)
//   keys.js       registerKey(key, words, run, {within, when, where})
//                                             a key (or list of keys) that does something, listed in the help under its
//                                             words; run(key) is called when no text is being typed (where: "anywhere" to be
//                                             called then too), the focus is within a selector, and when() is true.
//                                             "Ctrl+z", "Shift+Tab", "1" are keys. Keys pressed while a form is on its way
//                                             wait for it.
//                 whenSettled(run)            runs once nothing is on its way
//                 keysWaitFor(promise)        keys pressed until then wait
//   tabs.js       showTab(name)               "text" or "features", where the window is too narrow for both
//   saving.js     a changed form saves itself: emit "form-changed" after changing one by script. A button or form with
//                 data-saves=KIND is sent in turn with the changes that wait; the server answers with the parts that changed
//   holding.js    what a form holds, as it waits to be sent, and back into a form
//   drawing.js    draw(html)                  puts such parts (data-part) in their place; an open form keeps what is typed in it
//   telling.js    say(words), sayNow(words)   to screen readers, when they have time or at once; announce(words, kind): to everybody
//   search.js     findFeature()               to the feature search
//   regions.js    rectangles drawn on figures; cells.js: cells of tables; within.js: words found in the article;
//   rows.js       a series' rows as they will be once what waits is sent; handles.js: what names those not made yet
//   away.js       what the page does while the site is away
//   pieces.js     what is said of a piece of evidence that is kept
import "./tabs.js";
import "./selection.js";
import "./evidence.js";
import "./search.js";
import "./keys.js";
import "./regions.js";
import "./cells.js";
import "./within.js";
import "./pieces.js";
import "./conflict.js";
import "./undoing.js";
import "./rest.js";
import "./series.js";
import "./away.js";
import "./terms.js";
import "./suggestions.js";
import { start } from "./forms.js";
import { startSaving } from "./saving.js";

start();
startSaving();
