using System.Text.Json;
using Impetus.Engine.Tokenization.ChatTemplates;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tests.ChatTemplates;

public sealed class JsonValueTests
{
    [Theory]
    [InlineData("""{"b": 1, "a": 2, "b": 3}""", "{'b': 3, 'a': 2}")]
    [InlineData("[1, 1.0, -0, -0.0, 1e2, 1E400, 123456789012345678901234567890]", "[1, 1.0, 0, -0.0, 100.0, inf, 123456789012345678901234567890]")]
    [InlineData("[true, false, null, [], {}]", "[True, False, None, [], {}]")]
    [InlineData("""["\ud800", "\ud83d\ude00", {"\udfff": "\"\\\n"}]""", @"['\ud800', '😀', {'\udfff': '""\\\n'}]")]
    public void Json_is_read_as_python_reads_it(string json, string repr) => Assert.Equal(repr, Print(json));

    [Fact]
    public void An_integer_of_too_many_digits_is_refused_as_python_refuses_it()
    {
        TemplateException error = Assert.Throws<TemplateException>(() => Print(new string('9', 4301)));

        Assert.Equal(TemplateErrorKind.Value, error.Kind);
    }

    private static string Print(string json) => ChatTemplate.Parse("{{ value }}")
        .Render(new Dictionary<string, TemplateValue> { ["value"] = TemplateValue.FromJson(JsonElement.Parse(json)) });
}
