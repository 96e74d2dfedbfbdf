/* verify.h — a shown number computed a second time from the operands of its entry. */
#pragma once
#include "app/app.h"

typedef struct {
    int64_t values, different; /* shown numbers looked at; after leaving out the same ones */
    int64_t beyond;            /* of them: further off than the tolerance */
    double largest;            /* difference relative to max(|b|, RMS of the row) */
    char where[160];           /* of the largest: "dec.attn.weight[18] sum" */
    double shown, again;
} VerifyReport;

typedef struct Verifier Verifier;

#define VERIFY_TOLERANCE 1e-4

/* Remembers which numbers were compared already; valid for one pair of traces. */
Verifier *verifier_make(Arena *arena, const Trace *current, const Trace *original);
/* The run that numbers of run 2 belong to. */
void verifier_scored(Verifier *verifier, const Trace *scored);
/* Every DRAW_VALUE of the list. */
void verifier_list(Verifier *verifier, const DrawList *list, VerifyReport *report);
