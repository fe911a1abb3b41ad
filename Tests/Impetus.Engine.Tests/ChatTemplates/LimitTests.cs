using Impetus.Engine.Tokenization.ChatTemplates;

namespace Impetus.Engine.Tests.ChatTemplates;

public sealed class LimitTests
{
    /// <summary>Bounds that are reached soon, so that the tests are quick.</summary>
    private static readonly TemplateLimits Small = new() { MaxSteps = 1_000_000, MaxOutputLength = 4 << 20 };

    [Theory]
    [InlineData("{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}")]
    [InlineData("{% set ns = namespace(s=[1]) %}{% for i in range(60) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s|length }}{{ ns.s }}")]
    [InlineData("{% set ns = namespace(s=[1]) %}{% for i in range(60) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s|tojson }}")]
    [InlineData("{% set ns = namespace(s=[1], t=[1]) %}{% for i in range(60) %}{% set ns.s = [ns.s, ns.s] %}{% set ns.t = [ns.t, ns.t] %}{% endfor %}{{ ns.s == ns.t }}")]
    [InlineData("{% set ns = namespace(s=(1,), t=(1,)) %}{% for i in range(60) %}{% set ns.s = (ns.s, ns.s) %}{% set ns.t = (ns.t, ns.t) %}{% endfor %}{{ {ns.s: 1}[ns.t] }}")]
    [InlineData("{{ [0] * 10**10 }}")]
    [InlineData("{{ [1]|slice(10**9)|list }}")]
    [InlineData("{{ [1]|batch(10**9, 0)|list }}")]
    [InlineData("{{ lipsum(10**9) }}")]
    [InlineData("{% set s = 'a' * 10**6 %}{% for i in range(100000) %}{% if s ~ '' == s %}{% endif %}{% endfor %}")]
    [InlineData("{% set s = 'a' * 10**6 %}{% for i in range(100000) %}{% set y = {s: 1} %}{% endfor %}")]
    [InlineData("{% set s = 'a' * 10**6 %}{% for i in range(100000) %}{% if s is lower %}{% endif %}{% endfor %}")]
    public void Work_without_end_is_stopped_by_the_number_of_steps(string template) =>
        AssertLimit(template, "MaxSteps", Small);

    [Theory]
    [InlineData("{{ 'a' * 10**10 }}")]
    [InlineData("{% set ns = namespace(s='abcdefgh') %}{% for i in range(60) %}{% set ns.s = ns.s + ns.s %}{% endfor %}")]
    [InlineData("{% for i in range(100000) %}{{ 'x' * 1000 }}{% endfor %}")]
    [InlineData("{{ 'a'.center(10**9) }}")]
    [InlineData("{{ 'a'|center(10**9) }}")]
    [InlineData("{{ '%1000000000d' % 1 }}")]
    [InlineData("{{ '{:1000000000}'.format(1) }}")]
    [InlineData("{{ 'a\\nb'|indent(10**9) }}")]
    [InlineData("{{ [1]|tojson(indent=10**9) }}")]
    [InlineData("{{ ('a' * 10**6)|replace('a', 'b' * 10**6) }}")]
    [InlineData("{{ '\\t'.expandtabs(10**9) }}")]
    public void A_text_that_grows_without_end_is_stopped_by_its_length(string template) =>
        AssertLimit(template, "MaxOutputLength", Small with { MaxSteps = TemplateLimits.Default.MaxSteps });

    [Theory]
    [InlineData("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}")]
    [InlineData("{% for x in [[[]]] recursive %}{{ loop([x]) }}{% endfor %}")]
    [InlineData("{% block a %}{{ self.a() }}{% endblock %}")]
    [InlineData("{% macro f(n) %}{% call f() %}{{ caller() }}{% endcall %}{% endmacro %}{{ f() }}")]
    public void Calls_without_end_are_stopped_by_their_depth(string template) => AssertLimit(template, "MaxCallDepth");

    public static TheoryData<string> DeepSources =>
    [
        Nested("{{ ", "(", "1", ")", " }}"), Nested("{{ ", "[", "1", "]", " }}"), Nested("{{ ", "{1:", "1", "}", " }}"),
        Nested("{{ ", "x[", "1", "]", " }}"), Nested("{{ ", "f(", "1", ")", " }}"), Nested("{{ ", "not ", "1", "", " }}"),
        Nested("{{ ", "-", "1", "", " }}"), Nested("{{ x", ".a", "", "", " }}"), Nested("{{ x", "[0]", "", "", " }}"),
        Nested("{{ x", "()", "", "", " }}"), Nested("{{ x", "|upper", "", "", " }}"), Nested("{{ x", " + x", "", "", " }}"),
        Nested("{{ x", " and x", "", "", " }}"), Nested("{{ x", " if x", "", "", " }}"), Nested("{{ x", " if x else x", "", "", " }}"),
        Nested("{{ x", " is defined", "", "", " }}"), Nested("{{ x is eq ", "x is eq ", "1", "", " }}"),
        Nested("", "{% if x %}", "", "{% endif %}", ""), Nested("", "{% for x in y %}", "", "{% endfor %}", ""),
        Nested("{% set ", "(", "x", ")", " = 1 %}"), Nested("{% macro f(x=", "(", "1", ")", ") %}{% endmacro %}"),
    ];

    [Theory]
    [MemberData(nameof(DeepSources))]
    public void A_source_that_nests_deep_does_not_parse(string template)
    {
        TemplateException error = Assert.Throws<TemplateException>(() => ChatTemplate.Parse(template));

        Assert.True(error.Kind is TemplateErrorKind.Limit or TemplateErrorKind.Syntax, error.Message);
        Assert.NotNull(error.Line);
    }

    [Theory]
    [InlineData("{% set ns = namespace() %}{% set ns.x = ns %}{{ ns }}")]
    [InlineData("{% set ns = namespace(x=[]) %}{% for i in range(100000) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}")]
    [InlineData("{% set ns = namespace(x=[]) %}{% for i in range(100000) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x|tojson }}")]
    [InlineData("{% set ns = namespace(x=()) %}{% for i in range(100000) %}{% set ns.x = (ns.x,) %}{% endfor %}{{ {ns.x: 1} }}")]
    [InlineData("{% set ns = namespace(x=[], y=[]) %}{% for i in range(100000) %}{% set ns.x = [ns.x] %}{% set ns.y = [ns.y] %}{% endfor %}{{ ns.x == ns.y }}")]
    [InlineData("{% set ns = namespace(x={}) %}{% for i in range(100000) %}{% set ns.x = {1: ns.x} %}{% endfor %}{{ ns.x|pprint }}")]
    public void Values_that_nest_deep_are_an_error_and_no_stack_overflow(string template)
    {
        // A thread whose stack is known: on a large one, well compiled frames of all these values find room.
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(() => AssertLimit(template, "stack")), maxStackSize: 1 << 20);
        thread.Start();
        thread.Join();

        Assert.Null(failure);
    }

    [Theory]
    [InlineData("{{ 2 ** (10 ** 9) }}")]
    [InlineData("{{ 9 ** (9 ** 9) }}")]
    [InlineData("{% set ns = namespace(x=3) %}{% for i in range(100) %}{% set ns.x = ns.x * ns.x %}{% endfor %}")]
    [InlineData("{{ 1.5|round(10**9) }}")]
    [InlineData("{{ '%.1000000f' % 1 }}")]
    public void Integers_that_grow_without_end_are_stopped_by_their_bits(string template) => AssertLimit(template, "bits");

    [Fact]
    public void The_default_limits_stop_nested_loops_and_growing_text()
    {
        AssertLimit("{% for i in range(100000) %}{% for j in range(100000) %}x{% endfor %}{% endfor %}", "MaxSteps");
        AssertLimit("{% set ns = namespace(s='ab') %}{% for i in range(60) %}{% set ns.s = ns.s + ns.s %}{% endfor %}", "MaxOutputLength");
    }

    [Fact]
    public void Every_limit_is_an_option()
    {
        AssertLimit("{{ 1 }}" + new string(' ', 100), "MaxTemplateLength", new TemplateLimits { MaxTemplateLength = 50 });
        AssertLimit("{{ ((((1)))) }}", "MaxNesting", new TemplateLimits { MaxNesting = 3 });
        AssertLimit("{% macro f(n) %}{{ f(n - 1) if n }}{% endmacro %}{{ f(4) }}", "MaxCallDepth", new TemplateLimits { MaxCallDepth = 3 });
        AssertLimit("{% for i in range(100) %}{% endfor %}", "MaxSteps", new TemplateLimits { MaxSteps = 50 });
        AssertLimit("{{ 'abcdefgh' * 3 }}", "MaxOutputLength", new TemplateLimits { MaxOutputLength = 20 });
    }

    [Fact]
    public void A_long_honest_conversation_is_far_from_every_limit()
    {
        string source = File.ReadAllText(Impetus.Tests.Fixture.Path("templates", "qwen3", "template.jinja"));
        string messages = string.Join(',', Enumerable.Range(0, 1000).Select(static i =>
            $$"""{"role": "{{(i % 2 == 0 ? "user" : "assistant")}}", "content": "{{new string('x', 2000)}}"}"""));
        using var json = System.Text.Json.JsonDocument.Parse($$"""{"messages": [{{messages}}], "tools": null}""");

        string prompt = ChatTemplate.Parse(source).Render(TemplateVariables.FromJson(json.RootElement));

        Assert.True(prompt.Length > 2_000_000);
    }

    private static string Nested(string start, string open, string middle, string close, string end) =>
        start + string.Concat(Enumerable.Repeat(open, 5000)) + middle + string.Concat(Enumerable.Repeat(close, 5000)) + end;

    private static void AssertLimit(string template, string limit, TemplateLimits? limits = null)
    {
        TemplateException error = Assert.Throws<TemplateException>(
            () => ChatTemplate.Parse(template, limits).Render(new Dictionary<string, Impetus.Engine.Tokenization.ChatTemplates.Values.TemplateValue>()));

        Assert.Equal(TemplateErrorKind.Limit, error.Kind);
        Assert.Contains(limit, error.Message, StringComparison.Ordinal);
    }
}
