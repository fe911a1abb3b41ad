using System.Text.Json;
using Impetus.Engine.Tokenization.ChatTemplates;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tests.ChatTemplates;

public sealed class PromptRendererTests
{
    [Fact]
    public void Absent_tools_and_documents_are_defined_as_none()
    {
        Assert.Equal("True True", Render("{{ tools is none }} {{ documents is none }}", new() { Messages = Json("[]") }));
        Assert.Equal("True", Render("{{ tools is none }}", new() { Messages = Json("[]"), Tools = Json("[]") }));
    }

    [Fact]
    public void Variables_and_special_tokens_reach_the_template_and_variables_win()
    {
        PromptRequest request = new()
        {
            Messages = Json("[]"),
            AddGenerationPrompt = false,
            Variables = new Dictionary<string, TemplateValue> { ["enable_thinking"] = TemplateValue.From(true), ["eos_token"] = TemplateValue.From("mine") },
        };

        Assert.Equal("<s> mine True False", Render("{{ bos_token }} {{ eos_token }} {{ enable_thinking }} {{ add_generation_prompt }}", request));
    }

    [Fact]
    public void Arguments_of_tool_calls_that_come_as_text_reach_the_template_as_mappings()
    {
        PromptRequest request = new()
        {
            Messages = Json("""
                [{"role": "assistant", "content": null, "tool_calls": [
                    {"type": "function", "function": {"name": "f", "arguments": "{\"b\": 1, \"a\": [true]}"}},
                    {"type": "function", "function": {"name": "g", "arguments": "not json"}}]}]
                """),
        };

        Assert.Equal(
            "{\"b\": 1, \"a\": [true]}|\"not json\"|",
            Render("{% for c in messages[0].tool_calls %}{{ c.function.arguments|tojson }}|{% endfor %}", request));
    }

    [Theory]
    [InlineData("reasoning_content")]
    [InlineData("thinking")]
    [InlineData("reasoning")]
    public void Reasoning_is_found_under_both_names_that_templates_use(string name)
    {
        PromptRequest request = new() { Messages = Json($$"""[{"role": "assistant", "content": "x", "{{name}}": "because"}]""") };

        Assert.Equal("because because", Render("{{ messages[0].reasoning_content }} {{ messages[0].thinking }}", request));
    }

    [Fact]
    public void The_time_is_that_of_the_clock() =>
        Assert.Equal("2026-03-07 14:05", Render("{{ strftime_now('%Y-%m-%d %H:%M') }}", new() { Messages = Json("[]") }));

    [Fact]
    public void A_template_for_tools_is_used_when_there_are_tools()
    {
        Dictionary<string, ChatTemplate> templates = new() { ["default"] = ChatTemplate.Parse("plain"), ["tool_use"] = ChatTemplate.Parse("{{ tools|length }} tool") };
        PromptRenderer renderer = new(new ChatTemplateLibrary(templates, new Dictionary<string, TemplateValue>()));

        Assert.Equal("plain", renderer.Render(new() { Messages = Json("[]") }));
        Assert.Equal("1 tool", renderer.Render(new() { Messages = Json("[]"), Tools = Json("""[{"type": "function"}]""") }));
    }

    [Fact]
    public void A_templates_own_complaint_is_told_from_other_errors()
    {
        TemplateException own = Assert.Throws<TemplateException>(
            () => Render("\n{{ raise_exception('Roles must alternate: ' ~ messages[0].role) }}", new() { Messages = Json("""[{"role": "tool"}]""") }));
        TemplateException other = Assert.Throws<TemplateException>(() => Render("{{ messages[0].content + 'x' }}", new() { Messages = Json("""[{"content": null}]""") }));

        Assert.Equal((TemplateErrorKind.Raised, "Roles must alternate: tool", 2), (own.Kind, own.Message, own.Line));
        Assert.Equal(TemplateErrorKind.Type, other.Kind);
    }

    [Fact]
    public void A_model_without_a_template_says_so()
    {
        PromptRenderer renderer = new(new ChatTemplateLibrary(new Dictionary<string, ChatTemplate>(), new Dictionary<string, TemplateValue>()));

        Assert.False(renderer.HasTemplate);
        Assert.Contains("no chat template", Assert.Throws<TemplateException>(() => renderer.Render(new() { Messages = Json("[]") })).Message, StringComparison.Ordinal);
    }

    private static string Render(string template, PromptRequest request)
    {
        Dictionary<string, TemplateValue> tokens = new() { ["bos_token"] = TemplateValue.From("<s>"), ["eos_token"] = TemplateValue.From("</s>") };
        ChatTemplateLibrary library = new(new Dictionary<string, ChatTemplate> { ["default"] = ChatTemplate.Parse(template) }, tokens);
        return new PromptRenderer(library, new FixedClock()).Render(request);
    }

    private static JsonElement Json(string text) => JsonElement.Parse(text);

    private sealed class FixedClock : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(2026, 3, 7, 14, 5, 9, TimeSpan.Zero);
    }
}
