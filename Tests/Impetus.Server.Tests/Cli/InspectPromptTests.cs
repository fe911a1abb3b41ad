using System.Text.Json;
using System.Text.Json.Nodes;
using Impetus.Server.Cli;
using Impetus.Server.Tests.Support;
using Impetus.Tests;

namespace Impetus.Server.Tests.Cli;

/// <summary>The template goldens through `impetus inspect prompt`.</summary>
public sealed class InspectPromptTests
{
    private const string Now = "2026-03-07T14:05:09";

    public static TheoryData<string> Models => [.. Directory.GetDirectories(Fixture.Path("templates"))
        .Where(folder => File.Exists(Path.Combine(folder, "template.jinja"))).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Groups => [.. Directory.GetFiles(Fixture.Path("templates", "language"), "*.jsonl.gz")
        .Select(file => Path.GetFileName(file)[..^".gz".Length]).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Models))]
    public async Task A_template_file_writes_every_conversation_as_the_reference_does(string model)
    {
        var cases = CommandRun.Lines(Fixture.Path("templates", model, "cases.jsonl"));

        var run = await CommandRun.Of(cases.Select(Question), "inspect", "prompt", "--template", Fixture.Path("templates", model, "template.jinja"), "--now", Now);

        Check(cases, run);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task A_models_folder_writes_every_conversation_as_the_reference_does(string model)
    {
        using var folder = new TemporaryDirectory();
        File.Copy(Fixture.Path("templates", model, "template.jinja"), folder.Combine("chat_template.jinja"));
        var cases = CommandRun.Lines(Fixture.Path("templates", model, "cases.jsonl"));

        var run = await CommandRun.Of(cases.Select(Question), "inspect", "prompt", "--model", folder.Path, "--now", Now);

        Check(cases, run);
    }

    [Theory]
    [MemberData(nameof(Groups))]
    public async Task Small_templates_give_what_the_reference_gives(string group)
    {
        using var folder = new TemporaryDirectory();
        foreach (var same in CommandRun.Lines(Fixture.Path("templates", "language", group)).GroupBy(line => line.GetProperty("template").GetString()))
        {
            JsonElement[] cases = [.. same];
            File.WriteAllText(folder.Combine("t.jinja"), same.Key);

            var run = await CommandRun.Of(
                cases.Select(line => line.GetProperty("context").GetRawText()), "inspect", "prompt", "--template", folder.Combine("t.jinja"), "--now", Now);

            Check(cases, run);
        }
    }

    [Fact]
    public async Task Absent_tools_and_documents_are_none_and_a_folder_adds_its_special_tokens()
    {
        using var folder = new TemporaryDirectory();
        File.WriteAllText(folder.Combine("tokenizer_config.json"), """
            {"bos_token": "<s>", "eos_token": {"content": "</s>"}, "chat_template": "{{ bos_token }}{{ eos_token }}{{ tools is none }}{{ documents is none }}{{ add_generation_prompt is defined }}"}
            """);

        var run = await CommandRun.Of(["{\"messages\":[]}", "{\"messages\":[],\"bos_token\":\"B\"}"], "inspect", "prompt", "--model", folder.Path);

        Assert.Equal(["<s></s>TrueTrueFalse", "B</s>TrueTrueFalse"], run.Answers.Select(answer => answer.GetProperty("text").GetString()!));
    }

    [Theory]
    [InlineData("inspect prompt", "Name either a model")]
    [InlineData("inspect prompt --template nowhere.jinja", "nowhere.jinja cannot be read")]
    [InlineData("inspect prompt --template nowhere.jinja --now noon", "--now is 'noon'")]
    public async Task What_cannot_work_is_said_before_a_line_is_read(string words, string fault)
    {
        var run = await CommandRun.Of(["{}"], words.Split(' '));

        Assert.Equal((ExitCode.Usage, ""), (run.ExitCode, run.Output));
        Assert.Contains(fault, run.Error, StringComparison.Ordinal);
    }

    private static string Question(JsonElement line)
    {
        var question = JsonNode.Parse(line.GetProperty("extra").GetRawText())!.AsObject();
        foreach (string name in new[] { "messages", "tools", "documents", "add_generation_prompt" })
        {
            if (line.GetProperty(name) is { ValueKind: not JsonValueKind.Null } value)
                question[name] = JsonNode.Parse(value.GetRawText());
        }

        return question.ToJsonString();
    }

    private static void Check(IReadOnlyList<JsonElement> cases, CommandRun run)
    {
        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Equal(cases.Count, run.Answers.Count);
        foreach (var (expected, actual) in cases.Zip(run.Answers))
        {
            string name = expected.GetProperty("name").GetString()!;
            if (expected.TryGetProperty("rendered", out var rendered))
            {
                Assert.True(JsonElement.DeepEquals(rendered, actual.TryGetProperty("text", out var text) ? text : default), $"{name}: {actual}");
                continue;
            }

            Assert.True(actual.TryGetProperty("error", out var error), $"{name}: {actual}");
            if (expected.GetProperty("error_type").GetString() == "TemplateError")
                Assert.Equal(expected.GetProperty("error").GetString(), error.GetString());
            if (expected.GetProperty("line").ValueKind == JsonValueKind.Number)
                Assert.Equal(expected.GetProperty("line").GetInt32(), actual.GetProperty("line").GetInt32());
        }
    }
}
