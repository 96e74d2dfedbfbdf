/* search.h — finding a lesson by a word of its text in either language, a page of the lecture, its number or name. */
#pragma once
#include <stdbool.h>

typedef struct App App;
typedef struct SearchIndex SearchIndex;

/* What is searched for from now on; "" = nothing. */
void search_set(App *app, const char *text);
/* Does the lesson speak of all the words searched for? *step: where, -1 = in its title or pages. With nothing searched for
 * every lesson does. */
bool search_finds(App *app, int slot, int *step);
/* Enter in the search box: the lesson of that number, else the first one found, or the place of a state string. */
void search_open_first(App *app);
void search_free(App *app);
