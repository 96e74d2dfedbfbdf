/* config_help.c — what config.json may say, in words: the rows of config.def as a text. */
#include "model/config.h"

static void whole(Buffer *out, const char *key, int otherwise, const char *meaning)
{
    buffer_format(out, "  %-20s %7d  %s\n", key, otherwise, meaning);
}

static void real_number(Buffer *out, const char *key, double otherwise, const char *meaning)
{
    buffer_format(out, "  %-20s %7g  %s\n", key, otherwise, meaning);
}

static void choice(Buffer *out, const char *key, const char *choices, const char *meaning)
{
    buffer_format(out, "  %-20s %7s  %s: %s\n", key, "", choices, meaning);
}

void config_help(Buffer *out)
{
    buffer_text(out, "CONFIG is a JSON file. A small one:\n\n"
                     "  {\"name\": \"mine\", \"kind\": \"rnn\", \"source\": \"en\", \"target\": \"fr\",\n"
                     "   \"training\": {\"steps\": 2000, \"evaluate_every\": 200}}\n\n"
                     "\"kind\" is rnn or transformer, \"source\" and \"target\" are languages (en, fr, zh, "
                     "…). What may be added, and\n"
                     "what it is without:\n\n");
    choice(out, "attention", "additive|dot|multiplicative|reduced-rank|none",
           "of an rnn; a transformer has multi-head");
    buffer_format(out, "  %-20s %7s  %s\n", "title", "",
                  "{\"en\": …, \"zh\": …}, for the screen; else the name");
#define CONFIG_INT(field, otherwise, low, high, meaning) whole(out, #field, otherwise, meaning);
#define CONFIG_REAL(field, otherwise, low, high, meaning) real_number(out, #field, otherwise, meaning);
#define CONFIG_CHOICE(field, choices, meaning) choice(out, #field, choices, meaning);
#include "model/config.def"
    buffer_text(out, "\nin \"training\":\n\n");
#define TRAINING_INT(field, otherwise, low, high, meaning) whole(out, #field, otherwise, meaning);
#define TRAINING_REAL(field, otherwise, low, high, meaning) real_number(out, #field, otherwise, meaning);
#include "model/config.def"
    buffer_format(out, "  %-20s %7s  %s\n", "leave_out", "",
                  "[\"sentence\", …]: sources kept out of training, to try later");
}
