/* weights_notes.h — what a file of weights has that is no error, but that its reader should know. */
#pragma once

typedef struct {
    int rounded, unused; /* tensors of 64-bit numbers; tensors this kind of model has no use for */
    const char *first_rounded,
        *first_unused; /* their names, as long-lived as the model; NULL when there are none */
} WeightsNotes;
