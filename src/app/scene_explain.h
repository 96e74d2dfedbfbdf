/* scene_explain.h — private to scene_explain*.c. */
#pragma once
#include "app/card.h"
#include "app/scene.h"

enum { EXPLAIN_DECIMALS = 4 };

typedef struct {
    Scene *scene;
    ExplainPlace *place;
    Card card;
} ExplainScene;

/* A number of the card: four decimals, or a power of ten when they would say nothing. */
void explain_value(const ExplainScene *e, Point baseline, Align align, float size, Color color,
                   ValueSource value);
/* With the card's numbers in it. */
void explain_equation(const ExplainScene *e, const Equation *equation, Point at, Color ink);
/* The lines, page by page, and what comes of their sum. */
void explain_list(const ExplainScene *e, Rect rect);
