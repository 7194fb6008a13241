package io.embedlake.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.text.AttributeTemplate.Part;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttributeTemplateTest {
    @ParameterizedTest
    @ValueSource(strings = {"text", " text ", "{text}", "{ text }"})
    void aColumnCanBeNamedWithAndWithoutBraces(String source) {
        AttributeTemplate template = AttributeTemplate.parse(source);
        assertTrue(template.isColumn());
        assertEquals(List.of(new Part(true, "text")), template.parts());
        assertEquals(source, template.toString());
    }

    @Test
    void aColumnMayHaveAnyOtherCharacterInItsName() {
        assertEquals(
                List.of("review text.body (\u00fc)"),
                AttributeTemplate.parse("review text.body (\u00fc)").fields());
    }

    @Test
    void joinsFieldsWithWhatStandsBetweenThem() {
        AttributeTemplate template = AttributeTemplate.parse("{title}\n\n{body}!");
        assertEquals(
                List.of(new Part(true, "title"), new Part(false, "\n\n"), new Part(true, "body"), new Part(false, "!")),
                template.parts());
        assertFalse(template.isColumn());
    }

    @Test
    void namesEachFieldOnceInOrderOfAppearance() {
        assertEquals(List.of("b", "a"), AttributeTemplate.parse("{b}{a} {b}").fields());
    }

    @Test
    void aDoubledBraceIsABrace() {
        assertEquals(
                List.of(new Part(false, "{"), new Part(true, "a"), new Part(false, "}")),
                AttributeTemplate.parse("{{{a}}}").parts());
        assertEquals(
                List.of(new Part(false, "{a} "), new Part(true, "b")),
                AttributeTemplate.parse("{{a}} {b}").parts());
    }

    @Test
    void aFieldWithTextAroundItIsNoColumn() {
        assertFalse(AttributeTemplate.parse("{a} ").isColumn());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''            | names no column",
                "'  '          | names no column",
                "a}            | closes a brace at character 2 that none opened",
                "{a}}          | closes a brace at character 4 that none opened",
                "'{a} {b'      | opens a brace at character 5 and never closes it",
                "{             | opens a brace at character 1 and never closes it",
                "'{a} {}'      | names no column in the braces at character 5",
                "{ }           | names no column in the braces at character 1",
                "{a{b}         | names no column in the braces at character 1",
                "{{a}}         | has no field in braces"
            })
    void saysWhatIsWrong(String source, String message) {
        IllegalArgumentException failure =
                assertThrows(IllegalArgumentException.class, () -> AttributeTemplate.parse(source));
        assertEquals(message, failure.getMessage());
    }

    @Test
    void cannotBeChangedAfterwards() {
        assertThrows(
                UnsupportedOperationException.class,
                () -> AttributeTemplate.parse("{a}").parts().clear());
    }
}
