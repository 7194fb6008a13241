package io.embedlake.fake.service;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.OptionalInt;

/**
 * A vector on its way out. Immutable by agreement.
 *
 * @param index of its text; what formats with an index show
 * @param values as they are written
 */
public record Item(OptionalInt index, JsonNode values) {}
