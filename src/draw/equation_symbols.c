/* equation_symbols.c — the commands that stand for one thing: symbols, function names, accents, spaces, alphabets.
 *
 * To add a symbol, add a row. What has arguments of its own (\frac, \begin …) is in equation_parse.c. */
#include <string.h>
#include "draw/equation_int.h"

#define GREEK(name, code, plain)                                                                             \
    {                                                                                                        \
        name, COMMAND_SYMBOL, ATOM_ORDINARY, code, plain, true                                               \
    }
#define CAPITAL(name, code)                                                                                  \
    {                                                                                                        \
        name, COMMAND_SYMBOL, ATOM_ORDINARY, code                                                            \
    }
#define SYMBOL(name, atom, code)                                                                             \
    {                                                                                                        \
        name, COMMAND_SYMBOL, ATOM_##atom, code                                                              \
    }
#define BIG(name, code, plain)                                                                               \
    {                                                                                                        \
        name, COMMAND_SYMBOL, ATOM_OPERATOR, code, plain, true                                               \
    }
#define NAME(name, limits)                                                                                   \
    {                                                                                                        \
        name, COMMAND_NAME, ATOM_OPERATOR, 0, 0, limits                                                      \
    }
#define ACCENT(name, code, wide)                                                                             \
    {                                                                                                        \
        name, COMMAND_ACCENT, ATOM_ORDINARY, code, 0, wide                                                   \
    }
#define SPACE(name, eighteenths)                                                                             \
    {                                                                                                        \
        name, COMMAND_SPACE, ATOM_NONE, eighteenths                                                          \
    }
#define ALPHABET(name, alphabet)                                                                             \
    {                                                                                                        \
        name, COMMAND_ALPHABET, ATOM_ORDINARY, alphabet                                                      \
    }

static const Command commands[] = {
    GREEK("alpha", 0x1D6FC, 0x3B1),
    GREEK("beta", 0x1D6FD, 0x3B2),
    GREEK("gamma", 0x1D6FE, 0x3B3),
    GREEK("delta", 0x1D6FF, 0x3B4),
    GREEK("epsilon", 0x1D716, 0x3F5),
    GREEK("varepsilon", 0x1D700, 0x3B5),
    GREEK("zeta", 0x1D701, 0x3B6),
    GREEK("eta", 0x1D702, 0x3B7),
    GREEK("theta", 0x1D703, 0x3B8),
    GREEK("iota", 0x1D704, 0x3B9),
    GREEK("kappa", 0x1D705, 0x3BA),
    GREEK("lambda", 0x1D706, 0x3BB),
    GREEK("mu", 0x1D707, 0x3BC),
    GREEK("nu", 0x1D708, 0x3BD),
    GREEK("xi", 0x1D709, 0x3BE),
    GREEK("pi", 0x1D70B, 0x3C0),
    GREEK("rho", 0x1D70C, 0x3C1),
    GREEK("sigma", 0x1D70E, 0x3C3),
    GREEK("tau", 0x1D70F, 0x3C4),
    GREEK("upsilon", 0x1D710, 0x3C5),
    GREEK("phi", 0x1D719, 0x3D5),
    GREEK("varphi", 0x1D711, 0x3C6),
    GREEK("chi", 0x1D712, 0x3C7),
    GREEK("psi", 0x1D713, 0x3C8),
    GREEK("omega", 0x1D714, 0x3C9),
    GREEK("partial", 0x1D715, 0x2202),
    CAPITAL("Gamma", 0x393),
    CAPITAL("Delta", 0x394),
    CAPITAL("Theta", 0x398),
    CAPITAL("Lambda", 0x39B),
    CAPITAL("Xi", 0x39E),
    CAPITAL("Pi", 0x3A0),
    CAPITAL("Sigma", 0x3A3),
    CAPITAL("Upsilon", 0x3A5),
    CAPITAL("Phi", 0x3A6),
    CAPITAL("Psi", 0x3A8),
    CAPITAL("Omega", 0x3A9),
    {"top", COMMAND_SYMBOL, ATOM_ORDINARY, 0x22A4, 'T'},
    SYMBOL("infty", ORDINARY, 0x221E),
    SYMBOL("nabla", ORDINARY, 0x2207),
    SYMBOL("ell", ORDINARY, 0x2113),
    SYMBOL("forall", ORDINARY, 0x2200),
    SYMBOL("ldots", INNER, 0x2026),
    SYMBOL("cdots", INNER, 0x22EF),
    SYMBOL("%", ORDINARY, '%'),
    SYMBOL("$", ORDINARY, '$'),
    SYMBOL("#", ORDINARY, '#'),
    SYMBOL("_", ORDINARY, '_'),
    SYMBOL("odot", BINARY, 0x2299),
    SYMBOL("oplus", BINARY, 0x2295),
    SYMBOL("otimes", BINARY, 0x2297),
    SYMBOL("cdot", BINARY, 0x22C5),
    SYMBOL("times", BINARY, 0xD7),
    SYMBOL("circ", BINARY, 0x2218),
    SYMBOL("pm", BINARY, 0xB1),
    SYMBOL("in", RELATION, 0x2208),
    SYMBOL("le", RELATION, 0x2264),
    SYMBOL("ge", RELATION, 0x2265),
    SYMBOL("ll", RELATION, 0x226A),
    SYMBOL("gg", RELATION, 0x226B),
    SYMBOL("ne", RELATION, 0x2260),
    SYMBOL("approx", RELATION, 0x2248),
    SYMBOL("equiv", RELATION, 0x2261),
    SYMBOL("sim", RELATION, 0x223C),
    SYMBOL("propto", RELATION, 0x221D),
    SYMBOL("mid", RELATION, 0x2223),
    SYMBOL("to", RELATION, 0x2192),
    SYMBOL("rightarrow", RELATION, 0x2192),
    SYMBOL("leftarrow", RELATION, 0x2190),
    SYMBOL("mapsto", RELATION, 0x21A6),
    SYMBOL("Rightarrow", RELATION, 0x21D2),
    SYMBOL("{", OPEN, '{'),
    SYMBOL("}", CLOSE, '}'),
    SYMBOL("|", ORDINARY, 0x2016),
    SYMBOL("langle", OPEN, 0x27E8),
    SYMBOL("rangle", CLOSE, 0x27E9),
    BIG("sum", 0x2211, 0x3A3),
    BIG("prod", 0x220F, 0x3A0),
    NAME("max", true),
    NAME("min", true),
    NAME("log", false),
    NAME("ln", false),
    NAME("exp", false),
    NAME("tanh", false),
    NAME("sin", false),
    NAME("cos", false),
    ACCENT("vec", 0x20D7, false),
    ACCENT("hat", 0x302, false),
    ACCENT("tilde", 0x303, false),
    ACCENT("bar", 0x304, false),
    ACCENT("overrightarrow", 0x20D7, true),
    SPACE(",", 3),
    SPACE(":", 4),
    SPACE(";", 5),
    SPACE("!", -3),
    SPACE(" ", 6),
    SPACE("quad", 18),
    SPACE("qquad", 36),
    ALPHABET("mathrm", ALPHABET_ROMAN),
    ALPHABET("mathbf", ALPHABET_BOLD),
    ALPHABET("mathbb", ALPHABET_DOUBLE),
};

const Command *equation_command(const char *name, size_t size)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strncmp(commands[i].name, name, size) == 0 && commands[i].name[size] == '\0') return &commands[i];
    return NULL;
}

unsigned equation_letter(Alphabet alphabet, char letter, bool *slanted)
{
    /* Unicode had these before it had the alphabets, and left holes. */
    static const struct {
        char letter;
        unsigned code;
    } old_double[] = {{'C', 0x2102}, {'H', 0x210D}, {'N', 0x2115}, {'P', 0x2119},
                      {'Q', 0x211A}, {'R', 0x211D}, {'Z', 0x2124}};
    static const struct {
        unsigned capital, small, digit;
    } start[] = {[ALPHABET_ITALIC] = {0x1D434, 0x1D44E, '0'},
                 [ALPHABET_ROMAN] = {'A', 'a', '0'},
                 [ALPHABET_BOLD] = {0x1D400, 0x1D41A, 0x1D7CE},
                 [ALPHABET_DOUBLE] = {0x1D538, 0x1D552, '0'}};
    bool digit = letter >= '0' && letter <= '9';
    *slanted = alphabet == ALPHABET_ITALIC && !digit;
    if (digit) return start[alphabet].digit + (unsigned)(letter - '0');
    if (alphabet == ALPHABET_ITALIC && letter == 'h') return 0x210E;
    if (alphabet == ALPHABET_DOUBLE)
        for (size_t i = 0; i < sizeof old_double / sizeof *old_double; i++)
            if (old_double[i].letter == letter) return old_double[i].code;
    return letter >= 'a' ? start[alphabet].small + (unsigned)(letter - 'a')
                         : start[alphabet].capital + (unsigned)(letter - 'A');
}

unsigned equation_sign(char character, AtomClass *atom)
{
    static const struct {
        char character;
        AtomClass atom;
        unsigned code;
    } signs[] = {{'+', ATOM_BINARY, '+'},   {'-', ATOM_BINARY, 0x2212},   {'*', ATOM_BINARY, 0x2217},
                 {'=', ATOM_RELATION, '='}, {'<', ATOM_RELATION, '<'},    {'>', ATOM_RELATION, '>'},
                 {':', ATOM_RELATION, ':'}, {',', ATOM_PUNCTUATION, ','}, {';', ATOM_PUNCTUATION, ';'},
                 {'(', ATOM_OPEN, '('},     {'[', ATOM_OPEN, '['},        {')', ATOM_CLOSE, ')'},
                 {']', ATOM_CLOSE, ']'},    {'!', ATOM_CLOSE, '!'},       {'?', ATOM_CLOSE, '?'},
                 {'.', ATOM_ORDINARY, '.'}, {'/', ATOM_ORDINARY, '/'},    {'|', ATOM_ORDINARY, '|'}};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (signs[i].character == character) {
            *atom = signs[i].atom;
            return signs[i].code;
        }
    return 0;
}

float equation_space(AtomClass left, AtomClass right, bool script)
{
    /* The TeXbook, p. 170: 1, 2, 3 = thin, medium, thick. Pairs with a 2 beside an operand that cannot be binary do not
     * occur (see settle in equation_parse.c). */
    static const char table[ATOM_NONE][ATOM_NONE + 1] = {"01230001", "11030001", "22002002", "33003003",
                                                         "00000000", "01230001", "11011111", "11231011"};
    static const float em[] = {0, 3 / 18.0f, 4 / 18.0f, 5 / 18.0f};
    if (left == ATOM_NONE || right == ATOM_NONE) return 0;
    int kind = table[left][right] - '0';
    /* In scripts only the thin space beside an operator stays: what the book prints without parentheses. */
    bool stays =
        right == ATOM_OPERATOR ? left != ATOM_PUNCTUATION : left == ATOM_OPERATOR && right == ATOM_ORDINARY;
    return script && !(kind == 1 && stays) ? 0 : em[kind];
}
