/* test_teaching.c — the generated corpora: they repeat, say only true links, and never hold the lecture's sentence. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/buffer.h"
#include "test.h"
#include "text/normalise.h"
#include "text/teaching_parts.h"

static Teaching *start(Arena *arena, const char *name, int seed, int clauses)
{
    TeachingOptions options = {.seed = seed, .clauses = clauses};
    return teaching_make(arena, teaching_find(name), &options);
}

static TeachingPair next(Teaching *teaching, Arena *arena)
{
    TeachingPair pair;
    Error error = {0};
    if (!teaching_next(teaching, arena, &pair, &error)) fail_msg("%s", error.text);
    return pair;
}

static const char *source_of(Arena *arena, const TeachingPair *pair)
{
    return teaching_text(arena, pair->source, pair->source_count);
}

static const char *target_of(Arena *arena, const TeachingPair *pair)
{
    return teaching_text(arena, pair->target, pair->target_count);
}

/* "0-0 1-0 …" */
static const char *links_of(Arena *arena, const TeachingPair *pair)
{
    const char *text = "";
    for (int i = 0; i < pair->link_count; i++)
        text =
            arena_format(arena, "%s%s%d-%d", text, i ? " " : "", pair->link[i].source, pair->link[i].target);
    return text;
}

/* Names that the models' cards and lessons rely on, and the very first pairs: a change of the tables would change them. */
static void the_same_on_every_machine(void **state)
{
    (void)state;
    static const struct {
        const char *name, *source, *target, *links;
    } first[] = {
        {"grammar", "一 个 工厂 被迫 开放 了 ， 明天 因为 大雪 三 个 大 公司 都 将 搬迁 。",
         "one factory was forced to open up , three large companies will move away because of heavy snow "
         "tomorrow .",
         "0-0 1-0 2-1 3-2 3-3 4-4 4-5 4-6 6-7 10-8 11-8 12-9 13-10 15-11 16-12 16-13 8-14 8-15 9-16 9-17 "
         "7-18 17-19"},
        {"reverse", "E Q L", "L Q E", "2-0 1-1 0-2"},
        {"dates", "7/2/1903", "1903-07-02", "0-0"},
    };
    Arena arena = arena_make("test");
    assert_int_equal(teaching_count(), 3);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(teaching_find(first[i].name), i);
        assert_string_equal(teaching_corpus(i)->name, first[i].name);
        Teaching *a = start(&arena, first[i].name, 1, 0), *b = start(&arena, first[i].name, 1, 0),
                 *c = start(&arena, first[i].name, 2, 0);
        int different = 0;
        for (int k = 0; k < 50; k++) {
            TeachingPair x = next(a, &arena), y = next(b, &arena), z = next(c, &arena);
            if (!k) {
                assert_string_equal(source_of(&arena, &x), first[i].source);
                assert_string_equal(target_of(&arena, &x), first[i].target);
                assert_string_equal(links_of(&arena, &x), first[i].links);
            }
            assert_string_equal(source_of(&arena, &x), source_of(&arena, &y));
            assert_string_equal(target_of(&arena, &x), target_of(&arena, &y));
            assert_string_equal(links_of(&arena, &x), links_of(&arena, &y));
            different += strcmp(source_of(&arena, &x), source_of(&arena, &z)) != 0;
        }
        assert_true(different > 45);
    }
    assert_int_equal(teaching_find("grammars"), -1);
    assert_int_equal(teaching_find(""), -1);
    assert_null(teaching_corpus(3));
    assert_null(teaching_corpus(-1));
    arena_free(&arena);
}

/* Which English words a Chinese word may be linked to: written down a second time, from the lecture's description. */
static const struct {
    const char *source, *target;
} lexicon[] = {{"昨天", "yesterday"},
               {"明天", "tomorrow"},
               {"因为", "because of"},
               {"大雪", "heavy snow"},
               {"罢工", "the strike"},
               {"停电", "the blackout"},
               {"多", "many"},
               {"个", "many one three that"},
               {"一", "one"},
               {"三", "three"},
               {"这些", "these"},
               {"那", "that"},
               {"大", "large"},
               {"小", "small"},
               {"新", "new"},
               {"旧", "old"},
               {"机场", "airport airports"},
               {"学校", "school schools"},
               {"商店", "shop shops"},
               {"公司", "company companies"},
               {"医院", "hospital hospitals"},
               {"工厂", "factory factories"},
               {"车站", "station stations"},
               {"银行", "bank banks"},
               {"都", ""},
               {"将", "will"},
               {"被迫", "were was be forced"},
               {"关闭", "did to close down"},
               {"搬迁", "did to move away"},
               {"停工", "did to stop work"},
               {"开放", "did to open up"},
               {"了", "did"},
               {"，", ","},
               {"。", "."}};
enum { LEXICON = sizeof lexicon / sizeof *lexicon };

static bool holds_word(const char *list, const char *word)
{
    size_t size = strlen(word);
    for (const char *at = list; (at = strstr(at, word)); at += size)
        if ((at == list || at[-1] == ' ') && (!at[size] || at[size] == ' ')) return true;
    return false;
}

static int lexicon_row(const char *source)
{
    for (int i = 0; i < LEXICON; i++)
        if (!strcmp(lexicon[i].source, source)) return i;
    fail_msg("%s is no word of the grammar", source);
    return -1;
}

/* Links translate, none stands twice, all target words are linked, and all source words but 都 and a 了 without "did". */
static void check_links(const TeachingPair *pair)
{
    bool source[TEACHING_MOST_WORDS] = {0}, target[TEACHING_MOST_WORDS] = {0};
    for (int i = 0; i < pair->link_count; i++) {
        WordLink link = pair->link[i], before = i ? pair->link[i - 1] : (WordLink){-1, -1};
        assert_in_range(link.source, 0, pair->source_count - 1);
        assert_in_range(link.target, 0, pair->target_count - 1);
        assert_true(before.target < link.target ||
                    (before.target == link.target && before.source < link.source));
        source[link.source] = target[link.target] = true;
        const char *may_be = lexicon[lexicon_row(pair->source[link.source])].target;
        if (!holds_word(may_be, pair->target[link.target]))
            fail_msg("%s is linked to %s", pair->source[link.source], pair->target[link.target]);
    }
    for (int i = 0; i < pair->target_count; i++) assert_true(target[i]);
    for (int i = 0; i < pair->source_count; i++)
        if (!source[i]) assert_true(!strcmp(pair->source[i], "都") || !strcmp(pair->source[i], "了"));
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int distinct(const char **text, int count)
{
    int found = 0;
    qsort(text, (size_t)count, sizeof *text, by_text);
    for (int i = 0; i < count; i++) found += !i || strcmp(text[i], text[i - 1]);
    return found;
}

enum { ALL_CLAUSES = 19200 };

static Clause clause_number(int n)
{
    Clause clause = {.forced = n % 2};
    n /= 2;
#define CHOOSE(field, count, first) clause.field = n % ((count) - (first)) + (first), n /= (count) - (first)
    CHOOSE(time, CLAUSE_TIMES, -1);
    CHOOSE(cause, CLAUSE_CAUSES, -1);
    CHOOSE(determiner, CLAUSE_DETERMINERS, 0);
    CHOOSE(adjective, CLAUSE_ADJECTIVES, -1);
    CHOOSE(noun, CLAUSE_NOUNS, 0);
    CHOOSE(verb, CLAUSE_VERBS, 0);
#undef CHOOSE
    assert_int_equal(n, 0);
    return clause;
}

/* The whole grammar: 19,200 clauses, all different, 34 Chinese and 51 English words, 6 to 12 words long. */
static void all_clauses(void **state)
{
    (void)state;
    Arena arena = arena_make("test"), scratch = arena_make("pair");
    const char **source = arena_array(&arena, const char *, ALL_CLAUSES),
               **target = arena_array(&arena, const char *, ALL_CLAUSES);
    const char *english[64];
    int words = 0, shortest = 99, longest = 0;
    bool seen[LEXICON] = {0};
    for (int n = 0; n < ALL_CLAUSES; n++) {
        arena_reset(&scratch);
        TeachingPair pair = pair_make(&scratch);
        Clause clause = clause_number(n);
        clause_write(&clause, n % 3 != 0, &pair);
        check_links(&pair);
        source[n] = source_of(&arena, &pair);
        target[n] = target_of(&arena, &pair);
        if (pair.source_count < shortest) shortest = pair.source_count;
        if (pair.source_count > longest) longest = pair.source_count;
        for (int i = 0; i < pair.source_count; i++) seen[lexicon_row(pair.source[i])] = true;
        for (int i = 0; i < pair.target_count; i++) {
            int k = 0;
            while (k < words && strcmp(english[k], pair.target[i])) k++;
            if (k == words) english[words++] = pair.target[i];
            assert_true(words < 64);
        }
    }
    assert_int_equal(distinct(source, ALL_CLAUSES), ALL_CLAUSES);
    assert_int_equal(distinct(target, ALL_CLAUSES), ALL_CLAUSES);
    assert_int_equal(LEXICON, 34);
    for (int i = 0; i < LEXICON; i++) assert_true(seen[i]);
    assert_int_equal(words, 51);
    assert_int_equal(shortest, 6);
    assert_int_equal(longest, 12);
    arena_free(&scratch);
    arena_free(&arena);
}

/* The grammar can say the lecture's sentence, word for word; drawing never does. */
static void the_lecture_sentence(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    static const struct {
        Clause clause;
        const char *source, *target, *links;
    } said[] = {
        {{-1, -1, 0, -1, 0, 0, true},
         "多 个 机场 都 被迫 关闭 了 。",
         "many airports were forced to close down .",
         "0-0 1-0 2-1 4-2 4-3 5-4 5-5 5-6 7-7"},
        {{1, 0, 3, 1, 3, 1, true},
         "明天 因为 大雪 这些 小 公司 都 将 被迫 搬迁 。",
         "these small companies will be forced to move away because of heavy snow tomorrow .",
         "3-0 4-1 5-2 7-3 8-4 8-5 9-6 9-7 9-8 1-9 1-10 2-11 2-12 0-13 10-14"},
        {{0, -1, 4, -1, 5, 2, false},
         "昨天 那 个 工厂 停工 了 。",
         "that factory did stop work yesterday .",
         "1-0 2-0 3-1 4-2 5-2 4-3 4-4 0-5 6-6"},
    };
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        TeachingPair pair = pair_make(&arena);
        clause_write(&said[i].clause, true, &pair);
        assert_string_equal(source_of(&arena, &pair), said[i].source);
        assert_string_equal(target_of(&arena, &pair), said[i].target);
        assert_string_equal(links_of(&arena, &pair), said[i].links);
    }
    for (int clauses = 1; clauses <= 3; clauses += 2) {
        Teaching *grammar = start(&arena, "grammar", 3, clauses);
        Arena scratch = arena_make("pair");
        int near = 0;
        for (int i = 0; i < 12000; i++) { /* each clause would be the lecture's about once in 1,500 */
            arena_reset(&scratch);
            TeachingPair pair = next(grammar, &scratch);
            const char *key = text_key(&scratch, source_of(&scratch, &pair));
            assert_null(strstr(key, "多个机场都被迫关闭了"));
            near += strstr(key, "多个机场都被迫搬迁了") != NULL;
        }
        assert_true(near > 0);
        arena_free(&scratch);
    }
    arena_free(&arena);
}

static void clauses_and_their_mixture(void **state)
{
    (void)state;
    Arena perm = arena_make("test"), arena = arena_make("pair");
    for (int clauses = 0; clauses <= GRAMMAR_MOST_CLAUSES; clauses++) {
        Teaching *grammar = start(&perm, "grammar", 7, clauses);
        int found[GRAMMAR_MOST_CLAUSES + 1] = {0};
        for (int i = 0; i < 3000; i++) {
            arena_reset(&arena);
            TeachingPair pair = next(grammar, &arena);
            int commas = 0, stops = 0;
            for (int k = 0; k < pair.source_count; k++) {
                commas += !strcmp(pair.source[k], "，");
                stops += !strcmp(pair.source[k], "。");
            }
            assert_int_equal(stops, 1);
            assert_string_equal(pair.source[pair.source_count - 1], "。");
            assert_string_equal(pair.target[pair.target_count - 1], ".");
            found[commas + 1]++;
            check_links(&pair);
            assert_true(text_looks_like(source_of(&arena, &pair), "zh"));
            assert_true(text_looks_like(target_of(&arena, &pair), "en"));
        }
        for (int k = 1; k <= GRAMMAR_MOST_CLAUSES; k++) {
            if (clauses) assert_int_equal(found[k], k == clauses ? 3000 : 0);
            else if (k <= 3) assert_in_range(found[k], 900, 1100); /* 1,000 expected, deviation 26 */
            else assert_int_equal(found[k], 0);
        }
    }
    arena_free(&arena);
    arena_free(&perm);
}

static void what_is_left_out(void **state)
{
    (void)state;
    Arena arena = arena_make("test"), scratch = arena_make("pair");
    /* The first is written otherwise than it is drawn, the second is the English side, the third is no text at all. */
    static const char *const leave_out[] = {"那个银行被迫停工了", "These Shops were forced to open up!",
                                            " 。"};
    TeachingOptions options = {.seed = 1, .clauses = 1}, without = options;
    without.leave_out = leave_out;
    without.leave_out_count = 3;
    for (int round = 0; round < 2; round++) {
        Teaching *grammar = teaching_make(&arena, teaching_find("grammar"), round ? &without : &options);
        int found = 0, longer = 0;
        for (int i = 0; i < 20000; i++) {
            arena_reset(&scratch);
            TeachingPair pair = next(grammar, &scratch);
            const char *source = source_of(&scratch, &pair), *target = target_of(&scratch, &pair);
            found += !strcmp(source, "那 个 银行 被迫 停工 了 。") ||
                     !strcmp(target, "these shops were forced to open up .");
            longer += !strcmp(source, "昨天 那 个 银行 被迫 停工 了 。");
        }
        if (round) assert_int_equal(found, 0);
        else assert_true(found > 5);
        assert_true(longer > 0); /* only the very same words are left out */
    }
    arena_free(&scratch);
    arena_free(&arena);
}

static void nothing_left_to_draw(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    const char **all = arena_array(&arena, const char *, ALL_CLAUSES);
    for (int n = 0; n < ALL_CLAUSES; n++) {
        TeachingPair pair = pair_make(&arena);
        Clause clause = clause_number(n);
        clause_write(&clause, true, &pair);
        all[n] = source_of(&arena, &pair);
    }
    TeachingOptions options = {.clauses = 1, .leave_out = all, .leave_out_count = ALL_CLAUSES};
    Teaching *grammar = teaching_make(&arena, teaching_find("grammar"), &options);
    TeachingPair pair;
    Error error = {0};
    assert_false(teaching_next(grammar, &arena, &pair, &error));
    assert_int_equal(error.code, EXIT_INPUT);
    assert_non_null(strstr(error.text, "grammar"));
    assert_int_equal(pair.source_count, 0);
    arena_free(&arena);
}

static void letters_backwards(void **state)
{
    (void)state;
    Arena perm = arena_make("test"), arena = arena_make("pair");
    Teaching *reverse = start(&perm, "reverse", 5, 0);
    const char *source[2000];
    int lengths[11] = {0};
    bool letter[26] = {0};
    for (int i = 0; i < 2000; i++) {
        arena_reset(&arena);
        TeachingPair pair = next(reverse, &arena);
        assert_in_range(pair.source_count, 3, 10);
        assert_int_equal(pair.target_count, pair.source_count);
        assert_int_equal(pair.link_count, pair.source_count);
        lengths[pair.source_count]++;
        for (int k = 0; k < pair.source_count; k++) {
            assert_int_equal(strlen(pair.source[k]), 1);
            assert_in_range(pair.source[k][0], 'A', 'Z');
            letter[pair.source[k][0] - 'A'] = true;
            assert_string_equal(pair.target[k], pair.source[pair.source_count - 1 - k]);
            assert_int_equal(pair.link[k].target, k);
            assert_int_equal(pair.link[k].source, pair.source_count - 1 - k);
        }
        source[i] = arena_string(&perm, source_of(&arena, &pair));
    }
    for (int k = 3; k <= 10; k++) assert_in_range(lengths[k], 190, 310); /* 250 expected, deviation 15 */
    for (int k = 0; k < 26; k++) assert_true(letter[k]);
    assert_true(distinct(source, 2000) > 1980);
    arena_free(&arena);
    arena_free(&perm);
}

static void ways_to_write_a_date(void **state)
{
    (void)state;
    static const char *const fifth_of_march[] = {"March 5, 2024",
                                                 "March 5 2024",
                                                 "March 5th, 2024",
                                                 "March the 5th, 2024",
                                                 "5 March 2024",
                                                 "5th March 2024",
                                                 "the 5th of March 2024",
                                                 "the 5th of March, 2024",
                                                 "the fifth of March, 2024",
                                                 "Mar 5, 2024",
                                                 "5 Mar 2024",
                                                 "5-Mar-2024",
                                                 "2024 Mar 05",
                                                 "Tuesday, March 5, 2024",
                                                 "Tuesday, 5 March 2024",
                                                 "Tuesday, the 5th of March 2024",
                                                 "Tue 5 Mar 2024",
                                                 "3/5/2024",
                                                 "03/05/2024",
                                                 "5.3.2024",
                                                 "2024/03/05",
                                                 "2024年3月5日",
                                                 "2024年03月05日",
                                                 "2024年3月5号",
                                                 "二〇二四年三月五日",
                                                 "二〇二四年三月五号",
                                                 "2024年3月5日星期二",
                                                 "2024年3月5日，星期二",
                                                 "星期二，2024年3月5号"};
    static const struct {
        int day;
        const char *figure, *word, *chinese;
    } days[] = {{1, "1st", "first", "一"},
                {2, "2nd", "second", "二"},
                {3, "3rd", "third", "三"},
                {4, "4th", "fourth", "四"},
                {8, "8th", "eighth", "八"},
                {9, "9th", "ninth", "九"},
                {10, "10th", "tenth", "十"},
                {11, "11th", "eleventh", "十一"},
                {12, "12th", "twelfth", "十二"},
                {13, "13th", "thirteenth", "十三"},
                {19, "19th", "nineteenth", "十九"},
                {20, "20th", "twentieth", "二十"},
                {21, "21st", "twenty-first", "二十一"},
                {22, "22nd", "twenty-second", "二十二"},
                {23, "23rd", "twenty-third", "二十三"},
                {30, "30th", "thirtieth", "三十"},
                {31, "31st", "thirty-first", "三十一"}};
    enum { FIGURE = 6, WORD = 8, CHINESE = 24 }; /* rows of the ways */
    Arena arena = arena_make("test");
    Date date = {2024, 3, 5};
    assert_int_equal(date_ways(), sizeof fifth_of_march / sizeof *fifth_of_march);
    for (int way = 0; way < date_ways(); way++) {
        TeachingPair pair = pair_make(&arena);
        date_write(&date, way, &arena, &pair);
        assert_string_equal(source_of(&arena, &pair), fifth_of_march[way]);
        assert_string_equal(target_of(&arena, &pair), "2024-03-05");
        bool chinese = strstr(fifth_of_march[way], "年") != NULL;
        assert_string_equal(date_way_language(way), chinese ? "zh" : "en");
    }
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        TeachingPair figure = pair_make(&arena), word = pair_make(&arena), chinese = pair_make(&arena);
        Date day = {1910, 12, days[i].day};
        date_write(&day, FIGURE, &arena, &figure);
        date_write(&day, WORD, &arena, &word);
        date_write(&day, CHINESE, &arena, &chinese);
        assert_string_equal(source_of(&arena, &figure),
                            arena_format(&arena, "the %s of December 1910", days[i].figure));
        assert_string_equal(source_of(&arena, &word),
                            arena_format(&arena, "the %s of December, 1910", days[i].word));
        assert_string_equal(source_of(&arena, &chinese),
                            arena_format(&arena, "一九一〇年十二月%s日", days[i].chinese));
    }
    arena_free(&arena);
}

/* Against the C library's calendar, every day of two centuries. */
static void calendar(void **state)
{
    (void)state;
    int days = 0;
    for (int year = 1900; year < 2100; year++)
        for (int month = 1; month <= 12; month++)
            for (int day = 1; day <= month_days(year, month); day++, days++) {
                struct tm when = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day, .tm_hour = 12};
                timegm(&when);
                assert_int_equal(when.tm_mday, day); /* 30 February would have become 2 March */
                assert_int_equal(date_weekday(&(Date){year, month, day}), when.tm_wday);
            }
    assert_int_equal(days, 73049);
}

typedef struct {
    const char *source, *target;
} Written;

static int by_source(const void *a, const void *b)
{
    const Written *x = a, *y = b;
    return strcmp(x->source, y->source);
}

/* What is written means one date only, however it is written. */
static void dates_are_unambiguous(void **state)
{
    (void)state;
    Arena arena = arena_make("test"), scratch = arena_make("pair");
    size_t count = 0;
    Written *written = arena_array(&arena, Written, (size_t)(366 + 365) * (size_t)date_ways());
    for (int year = 2011; year <= 2012; year++)
        for (int month = 1; month <= 12; month++)
            for (int day = 1; day <= month_days(year, month); day++)
                for (int way = 0; way < date_ways(); way++) {
                    arena_reset(&scratch);
                    TeachingPair pair = pair_make(&scratch);
                    date_write(&(Date){year, month, day}, way, &scratch, &pair);
                    written[count++] = (Written){source_of(&arena, &pair), target_of(&arena, &pair)};
                }
    assert_int_equal(count, (366 + 365) * date_ways());
    qsort(written, count, sizeof *written, by_source);
    for (size_t i = 1; i < count; i++)
        if (!strcmp(written[i].source, written[i - 1].source))
            assert_string_equal(written[i].target, written[i - 1].target);
    arena_free(&scratch);
    arena_free(&arena);
}

static void drawn_dates(void **state)
{
    (void)state;
    Arena perm = arena_make("test"), arena = arena_make("pair");
    Teaching *dates = start(&perm, "dates", 4, 0);
    const char *source[3000];
    int chinese = 0;
    for (int i = 0; i < 3000; i++) {
        arena_reset(&arena);
        TeachingPair pair = next(dates, &arena);
        int year, month, day;
        assert_int_equal(pair.target_count, 1);
        assert_int_equal(sscanf(pair.target[0], "%4d-%2d-%2d", &year, &month, &day), 3);
        assert_string_equal(pair.target[0], arena_format(&arena, "%04d-%02d-%02d", year, month, day));
        assert_in_range(year, 1900, 2099);
        assert_in_range(day, 1, month_days(year, month));
        source[i] = arena_string(&perm, source_of(&arena, &pair));
        bool is_chinese = strstr(source[i], "年") != NULL;
        chinese += is_chinese;
        /* "Mon 10 Nov" has a French word in it, so an English date is only held not to be Chinese. */
        if (strpbrk(source[i], "abcdefghijklmnopqrstuvwxyz年") &&
            text_looks_like(source[i], "zh") != is_chinese)
            fail_msg("%s", source[i]);
        /* Linked is all that names year, month or day: not the weekday, "the" and "of". */
        assert_in_range(pair.link_count, 1, 3);
        for (int k = 0, link = 0; k < pair.source_count; k++) {
            bool linked = link < pair.link_count && pair.link[link].source == k;
            link += linked;
            size_t size = strlen(pair.source[k]);
            const char *bare =
                arena_format(&arena, "%.*s", (int)size - (pair.source[k][size - 1] == ','), pair.source[k]);
            bool empty = holds_word("the of Sunday Monday Tuesday Wednesday Thursday Friday Saturday "
                                    "Sun Mon Tue Wed Thu Fri Sat",
                                    bare);
            assert_int_equal(linked, !empty);
        }
    }
    assert_in_range(chinese, 700, 960); /* 8 of 29 ways: 828 expected, deviation 24 */
    assert_true(distinct(source, 3000) > 2980);
    arena_free(&arena);
    arena_free(&perm);
}

TEST_GROUP(teaching, cmocka_unit_test(the_same_on_every_machine), cmocka_unit_test(all_clauses),
           cmocka_unit_test(the_lecture_sentence), cmocka_unit_test(clauses_and_their_mixture),
           cmocka_unit_test(what_is_left_out), cmocka_unit_test(nothing_left_to_draw),
           cmocka_unit_test(letters_backwards), cmocka_unit_test(ways_to_write_a_date),
           cmocka_unit_test(calendar), cmocka_unit_test(dates_are_unambiguous),
           cmocka_unit_test(drawn_dates));
