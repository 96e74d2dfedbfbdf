/* language.c — does a sentence look like a language? (text_looks_like of normalise.h; for a notice, never to refuse)
 *
 * First by script. Languages that share the Latin script are told apart by their commonest little words, and by letters
 * that the others do not use; a sentence without any of either ("Tom laughed.") looks like all of them. How often that is
 * wrong, on 3,449 pairs of sentences, stands in docs/testing.md. */
#include <string.h>
#include <unictype.h>
#include "base/utf8.h"
#include "text/normalise.h"
#include "text/words.h"

/* Words are between blanks. What two of the languages share is left out ("a", "on", "son", "die", "in", "me"),
 * and what is a rarer word of another ("pour", "war", "hat"). */
static const struct {
    const char *language, *words, *letters;
} habits[] = {
    {"en",
     " the i you is to he it of and my we she that was this your they not his her have what with "
     "be do for don are at will can how by want there like know go him why out were had would "
     "has if who from when an very did no where think good could all up just time their been as "
     "much ve ll re but so our them should let please these those ",
     ""},
    {"fr",
     " je le la les de des du un une est et il elle vous que pas ne ce qui à en tu nous dans avec "
     "au aux sur ma mon se cette cet ont lui ils elles suis mes ses tout plus bien êtes fait "
     "avez dit cela été leur votre quand où très être c l d j n qu y ça va ai sont moi toi tous "
     "fais faites veux dois bon bonne quel quelle beaucoup aucun jamais rien aussi comme même "
     "avons étaient était bonjour merci ",
     "àâçèéêëîïôùûœ"},
    {"de",
     " der das und ist nicht ich du er sie wir ein eine einen einem einer mit für auf zu dem den "
     "von sich auch aus wie dass haben wird nach bei mein dein sein ihr kann noch nur oder aber "
     "wenn habe bin bist sind guten tag morgen ja nein ",
     "äöüß"},
    {"es",
     " el los las una y es que yo está con por para lo su se del al muy pero como más este esta "
     "tú él ella nosotros estoy hola gracias hay ",
     "ñ¿¡áíóú"},
};
enum { HABITS = sizeof habits / sizeof *habits, WORD_CAP = 24 };

static bool has_word(const char *words, const char *word, size_t size)
{
    for (const char *at = words; (at = strstr(at, word)); at++)
        if (at[-1] == ' ' && at[size] == ' ') return true;
    return false;
}

static bool has_letter(const char *letters, unsigned code)
{
    for (const char *at = letters, *end = letters + strlen(letters); at < end;)
        if (utf8_next(&at, end) == code) return true;
    return false;
}

/* Evidence of one word for each language: a little word of it counts two, one of its letters one; but not in a capitalised
 * word, which may be a name from anywhere. */
static void weigh(const char *word, size_t size, bool whole, bool capital, int evidence[HABITS])
{
    for (int i = 0; i < HABITS; i++) {
        if (whole && size && has_word(habits[i].words, word, size)) evidence[i] += 2;
        for (const char *at = word, *end = word + size; at < end && !capital;)
            if (has_letter(habits[i].letters, utf8_next(&at, end))) {
                evidence[i]++;
                break;
            }
    }
}

static void weigh_words(const char *text, int evidence[HABITS])
{
    char word[WORD_CAP + 1];
    size_t size = 0;
    bool whole = true, capital = false;
    for (const char *at = text, *end = text + strlen(text);;) {
        unsigned code = at < end ? utf8_next(&at, end) : ' ';
        unsigned low = letter_lower(code);
        char bytes[4];
        TextClass kind = text_class(code);
        if (kind == CLASS_LETTER || kind == CLASS_MARK) {
            if (!size) capital = low != 0;
            size_t more = (size_t)utf8_put(low ? low : code, bytes);
            if (size + more > WORD_CAP) whole = false;
            else memcpy(word + size, bytes, more), size += more;
            continue;
        }
        word[size] = 0;
        weigh(word, size, whole, capital, evidence);
        size = 0;
        whole = true;
        if (at == end && code == ' ') return;
    }
}

static int habit_of(const char *language)
{
    for (int i = 0; i < HABITS; i++)
        if (strcmp(habits[i].language, language) == 0) return i;
    return -1;
}

static bool script_fits(const char *text, const char *language)
{
    const uc_script_t *script = uc_script_byname(strcmp(language, "zh") == 0 ? "Han" : "Latin");
    size_t letters = 0, fitting = 0;
    for (const char *at = text, *end = text + strlen(text); at < end;) {
        unsigned code = utf8_next(&at, end);
        TextClass kind = text_class(code);
        if (kind != CLASS_LETTER && kind != CLASS_HAN) continue;
        letters++;
        fitting += uc_is_script(code, script);
    }
    return 2 * fitting >= letters;
}

bool text_looks_like(const char *text, const char *language)
{
    int own = habit_of(language), evidence[HABITS] = {0};
    if (own < 0 && strcmp(language, "zh") != 0) return true;
    if (!script_fits(text, language)) return false;
    if (own < 0) return true;
    weigh_words(text, evidence);
    for (int i = 0; i < HABITS; i++)
        if (i != own && evidence[i] >= 2 && evidence[i] > evidence[own]) return false;
    return true;
}
