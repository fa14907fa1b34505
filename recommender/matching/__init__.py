"""From free text to the vocabulary: skills of a CV with their levels, roles of a job title."""
