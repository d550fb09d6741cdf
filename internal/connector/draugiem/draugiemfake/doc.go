// Package draugiemfake is Draugiem.lv inside of a test: the part of its API for the administration
// of a page that questions (pages/faq), news (pages/news) and the dashboard are. It is stricter
// than the real one: it takes POST alone, and what it does not know it refuses.
//
// Facts that it follows: https://www.draugiem.lv/applications/dev/docs/pages_admin (the keys, the
// actions, the dashboard whose numbers are texts), https://www.frype.com/applications/dev/docs/api
// (the address, the parameters app, apikey and action), and two clients,
// https://github.com/aivis/draugiem (methods and their parameters, {"faq":…}, {"posts":…} keyed by
// id, {"status":"OK"}) and https://github.com/Draugiem/draugiem-php-sdk (the error has a code and a
// description). The rest is not documented: the fields of a question and of a piece of news, the
// codes, and what a second answer does. There a switch says which of the plausible ways it goes,
// and its codes, from 900 on, are its own.
//
// It knows nothing of the connector.
package draugiemfake
