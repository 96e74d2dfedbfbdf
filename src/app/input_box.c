/* input_box.c — see input_box.h. */
#include "app/input_box.h"
#include <string.h>
#include "app/action_numbers.h"
#include "app/scene.h"

static void text_changed(App *app)
{
    Error error = {0};
    bool cut = app->box.cut;
    app->box.cut = false;
    if (app->open == HOME) {
        search_set(app, app->box.text);
        return;
    }
    app_run_text(app, app->edited_control, app->box.text, &error);
    app_notice_error(app, &error);
    if (cut) app_notice(app, app_word(app, WORD_SENTENCE_CUT), TEXT_BOX_CAP);
}

/* As it was drawn. */
static Ui box_ui(App *app)
{
    Ui ui = scene_ui(app, NULL);
    ui.scale = app->box_scale;
    return ui;
}

void input_box_compose(App *app, const AppEvent *event)
{
    if (!app->editing) return;
    size_t size = app->box.size;
    text_box_compose(&app->box, event->text ? event->text : "", event->clause_start, event->clause_length);
    if (app->box.size != size) text_changed(app); /* it took the place of what was selected */
}

void input_box_commit(App *app)
{
    text_box_settle(&app->box);
    if (text_box_repair(&app->box)) text_changed(app);
    app->editing = false;
    if (app->open == HOME) return;
    session_settle(&app->session);
    app_remember_sentence(app, app->box.text);
}

static void paste(App *app)
{
    char *text = app->options.host.clipboard_get
                     ? app->options.host.clipboard_get(app->options.host.self, &app->note)
                     : NULL;
    if (text && *text) {
        text_box_insert(&app->box, text, strlen(text));
        text_changed(app);
    } else {
        app_notice(app, "%s", app_word(app, WORD_EMPTY_CLIPBOARD));
    }
    arena_reset(&app->note);
}

static void copy_selection(App *app, bool cut)
{
    size_t size;
    const char *text = text_box_selection(&app->box, &size);
    if (!size || !app->options.host.clipboard_set) return;
    app->options.host.clipboard_set(app->options.host.self, arena_string_sized(&app->note, text, size));
    arena_reset(&app->note);
    if (cut && text_box_edit(&app->box, EDIT_DELETE, false)) text_changed(app);
}

bool input_box_key(App *app, const AppEvent *event)
{
    bool ctrl = event->modifiers & MOD_CTRL, shift = event->modifiers & MOD_SHIFT;
    static const struct {
        int key;
        TextEdit plain, word;
    } moves[] = {{KEY_LEFT, EDIT_LEFT, EDIT_WORD_LEFT},
                 {KEY_RIGHT, EDIT_RIGHT, EDIT_WORD_RIGHT},
                 {KEY_HOME, EDIT_START, EDIT_START},
                 {KEY_END, EDIT_END, EDIT_END},
                 {KEY_UP, EDIT_START, EDIT_START},
                 {KEY_DOWN, EDIT_END, EDIT_END},
                 {KEY_BACKSPACE, EDIT_BACKSPACE, EDIT_WORD_BACKSPACE},
                 {KEY_DELETE, EDIT_DELETE, EDIT_WORD_DELETE}};
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
        if (event->key == moves[i].key) {
            if (text_box_edit(&app->box, ctrl ? moves[i].word : moves[i].plain, shift)) text_changed(app);
            return true;
        }
    if (event->key == KEY_ENTER) {
        input_box_commit(app);
        if (app->open == HOME) search_open_first(app);
        return true;
    }
    if (event->key == KEY_PAGE_UP || event->key == KEY_PAGE_DOWN) return true;
    if (event->key == KEY_TAB || event->key == KEY_F1 || event->key == KEY_F10 || event->key == KEY_MENU) {
        input_box_commit(app); /* what these open or reach is not the box */
        return false;
    }
    if (!ctrl) return event->key < KEY_FIRST_NAMED; /* letters arrive as text */
    if (event->key == 'v') paste(app);
    else if (event->key == 'c') copy_selection(app, false);
    else if (event->key == 'x') copy_selection(app, true);
    else if (event->key == 'a') text_box_edit(&app->box, EDIT_ALL, false);
    else if (event->key == 'y' || event->key == 'z') {
        bool back = event->key == 'z' && !shift;
        if (text_box_edit(&app->box, back ? EDIT_UNDO : EDIT_REDO, false)) text_changed(app);
    } else return false;
    return true;
}

void input_box_insert(App *app, const char *text)
{
    if (!app->editing || !text || !*text) return;
    text_box_insert(&app->box, text, strlen(text));
    text_changed(app);
}

void input_box_click(App *app, int clicks, bool select)
{
    Ui ui = box_ui(app);
    text_box_click(&app->box, &ui, app->box_rect, app->x, clicks, select);
}
