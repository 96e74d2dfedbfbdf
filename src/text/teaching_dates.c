/* teaching_dates.c — the corpus "dates" of teaching.h: one table, a row for each way to write a date.
 *
 * Years are 1900 to 2099, days are those of the Gregorian calendar, and a weekday is the right one. Every way names one
 * day only: of two numbers between slashes the first is the month (as in America), between dots the day (as in
 * Europe), and a year always has four figures. */
#include <string.h>
#include "base/buffer.h"
#include "text/teaching_parts.h"

/* In a form, % and a letter stand for a part of the date:
 *   %Y 2024   %m 3   %M 03   %B March   %b Mar   %d 5   %D 05   %o 5th   %O fifth   %A Tuesday   %a Tue
 *   %z 二〇二四   %n 三 (the month)   %e 五 (the day)   %w 二 (the weekday) */
static const struct {
    const char *language, *form;
} ways[] = {
    {"en", "%B %d, %Y"},
    {"en", "%B %d %Y"},
    {"en", "%B %o, %Y"},
    {"en", "%B the %o, %Y"},
    {"en", "%d %B %Y"},
    {"en", "%o %B %Y"},
    {"en", "the %o of %B %Y"},
    {"en", "the %o of %B, %Y"},
    {"en", "the %O of %B, %Y"},
    {"en", "%b %d, %Y"},
    {"en", "%d %b %Y"},
    {"en", "%d-%b-%Y"},
    {"en", "%Y %b %D"},
    {"en", "%A, %B %d, %Y"},
    {"en", "%A, %d %B %Y"},
    {"en", "%A, the %o of %B %Y"},
    {"en", "%a %d %b %Y"},
    {"en", "%m/%d/%Y"},
    {"en", "%M/%D/%Y"},
    {"en", "%d.%m.%Y"},
    {"en", "%Y/%M/%D"},
    {"zh", "%Y年%m月%d日"},
    {"zh", "%Y年%M月%D日"},
    {"zh", "%Y年%m月%d号"},
    {"zh", "%z年%n月%e日"},
    {"zh", "%z年%n月%e号"},
    {"zh", "%Y年%m月%d日星期%w"},
    {"zh", "%Y年%m月%d日，星期%w"},
    {"zh", "星期%w，%Y年%m月%d号"},
};

static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
                                     "July",    "August",   "September", "October", "November", "December"};
static const char *const weekdays[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                       "Thursday", "Friday", "Saturday"};
static const char *const ordinals[] = {"first",     "second",      "third",      "fourth",     "fifth",
                                       "sixth",     "seventh",     "eighth",     "ninth",      "tenth",
                                       "eleventh",  "twelfth",     "thirteenth", "fourteenth", "fifteenth",
                                       "sixteenth", "seventeenth", "eighteenth", "nineteenth"};
static const char *const digits_zh[] = {"〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
static const char *const weekdays_zh[] = {"日", "一", "二", "三", "四", "五", "六"};

int month_days(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

/* Sakamoto's method: the year is taken to begin in March, so that the leap day comes last. */
int date_weekday(const Date *date)
{
    static const int shift[] = {0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4};
    int year = date->year - (date->month < 3);
    return (year + year / 4 - year / 100 + year / 400 + shift[date->month - 1] + date->day) % 7;
}

static void write_ordinal(Buffer *out, int day)
{
    int last = day % 10, teen = day / 10 == 1;
    buffer_format(out, "%d%s", day,
                  teen || !last || last > 3 ? "th"
                  : last == 1               ? "st"
                  : last == 2               ? "nd"
                                            : "rd");
}

static void write_ordinal_word(Buffer *out, int day)
{
    if (day < 20) buffer_text(out, ordinals[day - 1]);
    else if (day % 10) buffer_format(out, "%s-%s", day < 30 ? "twenty" : "thirty", ordinals[day % 10 - 1]);
    else buffer_text(out, day < 30 ? "twentieth" : "thirtieth");
}

/* 1 to 31 as 一 … 十 十一 … 三十一. */
static void write_number_zh(Buffer *out, int number)
{
    if (number >= 20) buffer_text(out, digits_zh[number / 10]);
    if (number >= 10) buffer_text(out, "十");
    if (number % 10) buffer_text(out, digits_zh[number % 10]);
}

static void write_part(Buffer *out, char part, const Date *date)
{
    const char *month = months[date->month - 1], *weekday = weekdays[date_weekday(date)];
    switch (part) {
    case 'Y': buffer_format(out, "%d", date->year); break;
    case 'm': buffer_format(out, "%d", date->month); break;
    case 'M': buffer_format(out, "%02d", date->month); break;
    case 'B': buffer_text(out, month); break;
    case 'b': buffer_format(out, "%.3s", month); break;
    case 'd': buffer_format(out, "%d", date->day); break;
    case 'D': buffer_format(out, "%02d", date->day); break;
    case 'o': write_ordinal(out, date->day); break;
    case 'O': write_ordinal_word(out, date->day); break;
    case 'A': buffer_text(out, weekday); break;
    case 'a': buffer_format(out, "%.3s", weekday); break;
    case 'z':
        for (int power = 1000; power; power /= 10) buffer_text(out, digits_zh[date->year / power % 10]);
        break;
    case 'n': write_number_zh(out, date->month); break;
    case 'e': write_number_zh(out, date->day); break;
    case 'w': buffer_text(out, weekdays_zh[date_weekday(date)]); break;
    default: CHECK(false, "no part of a date: %c", part);
    }
}

int date_ways(void)
{
    return sizeof ways / sizeof *ways;
}

const char *date_way_language(int way)
{
    return ways[way].language;
}

void date_write(const Date *date, int way, Arena *arena, TeachingPair *pair)
{
    Buffer word = {0};
    bool says =
        false; /* the word holds a part that the ISO date is made of: all but weekdays and "the", "of" */
    int target = pair_target(pair, arena_format(arena, "%04d-%02d-%02d", date->year, date->month, date->day));
    for (const char *at = ways[way].form;; at++) {
        if (*at == ' ' || !*at) {
            int source = pair_source(pair, arena_string_sized(arena, word.at, word.size));
            if (says) pair_link(pair, source, target);
            buffer_clear(&word);
            says = false;
            if (!*at) break;
        } else if (*at == '%') {
            says |= !strchr("Aaw", *++at);
            write_part(&word, *at, date);
        } else buffer_add(&word, at, 1);
    }
    buffer_free(&word);
}

void dates_draw(Rng *rng, int clauses, Arena *arena, TeachingPair *pair)
{
    (void)clauses;
    Date date = {.year = 1900 + (int)rng_below(rng, 200), .month = 1 + (int)rng_below(rng, 12)};
    date.day = 1 + (int)rng_below(rng, (uint32_t)month_days(date.year, date.month));
    date_write(&date, (int)rng_below(rng, (uint32_t)date_ways()), arena, pair);
}
