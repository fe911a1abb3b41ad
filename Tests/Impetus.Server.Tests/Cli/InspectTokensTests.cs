using System.Text.Json;
using Impetus.Server.Cli;
using Impetus.Tests;

namespace Impetus.Server.Tests.Cli;

/// <summary>The tokenizer goldens through `impetus inspect tokens`: every folder but the one whose cases follow the file's own truncation.</summary>
public sealed class InspectTokensTests
{
    public static TheoryData<string> Tokenizers => [.. Directory.GetDirectories(Fixture.Path("tokenizers"))
        .Where(folder => File.Exists(Path.Combine(folder, "tokenizer.json")) || File.Exists(Path.Combine(folder, "tokenizer.json.gz")))
        .Select(folder => Path.GetFileName(folder))
        .Where(name => !name.EndsWith("_trunc_pad", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Tokenizers))]
    public async Task Texts_pairs_and_ids_are_answered_as_the_reference_does(string name)
    {
        string folder = Fixture.Path("tokenizers", name);
        var questions = new List<string>();
        var expected = new List<string>();
        foreach (var row in CommandRun.Lines(Path.Combine(folder, "cases.jsonl")))
        {
            Ask($"{{\"text\":{Raw(row, "text")}}}", $"{{\"ids\":{Raw(row, "ids")},\"tokens\":{Raw(row, "tokens")},\"offsets\":{Raw(row, "offsets")}}}");
            Ask($"{{\"ids\":{Raw(row, "ids")}}}", $"{{\"text\":{Raw(row, "decoded")}}}");
            Ask($"{{\"ids\":{Raw(row, "ids")},\"skip_special_tokens\":true}}", $"{{\"text\":{Raw(row, "decoded_skip_special")}}}");
        }

        foreach (var row in CommandRun.Lines(Path.Combine(folder, "pairs.jsonl")))
            Ask($"{{\"text\":{Raw(row, "a")},\"pair\":{Raw(row, "b")}}}", $"{{\"ids\":{Raw(row, "ids")},\"tokens\":{Raw(row, "tokens")},\"offsets\":{Raw(row, "offsets")}}}");

        var run = await CommandRun.Of(questions, "inspect", "tokens", "--model", folder);

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Equal(expected.Count, run.Answers.Count);
        for (int i = 0; i < expected.Count; i++)
            Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected[i]), run.Answers[i]), $"{questions[i]}\nexpected {expected[i]}\nactual   {run.Answers[i]}");

        void Ask(string question, string answer)
        {
            questions.Add(question);
            expected.Add(answer);
        }
    }

    [Fact]
    public async Task Special_tokens_are_added_unless_the_line_forbids_it()
    {
        string folder = Fixture.Path("tokenizers", "bert_uncased");
        var row = CommandRun.Lines(Path.Combine(folder, "cases.jsonl"))[0];

        var run = await CommandRun.Of([$"{{\"text\":{Raw(row, "text")},\"add_special_tokens\":false}}"], "inspect", "tokens", "--model", folder);

        Assert.True(JsonElement.DeepEquals(row.GetProperty("ids_without_special"), Assert.Single(run.Answers).GetProperty("ids")));
    }

    [Fact]
    public async Task A_bad_line_is_named_and_the_next_goes_on()
    {
        var run = await CommandRun.Of(
            ["{\"text\":5}", "{}", "{\"ids\":[1.5]}", "{\"text\":\"a\",\"ids\":[1]}", "{\"text\":\"a\"}"],
            "inspect", "tokens", "--model", "HuggingFaceTB/SmolLM2-135M-Instruct");

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Equal(
            [
                "text must be a text.", "text or ids is missing.", "ids must be a list of token ids, which are whole numbers from 0.",
                "text is to be encoded and ids are to be decoded: send one of them.",
            ],
            run.Answers.Take(4).Select(answer => answer.GetProperty("error").GetString()!));
        Assert.Equal("[81]", run.Answers[4].GetProperty("ids").GetRawText());
    }

    [Fact]
    public async Task A_model_that_is_not_here_is_said_on_the_error_stream_alone()
    {
        using var home = new Support.TemporaryDirectory();

        var run = await CommandRun.Of([], "inspect", "tokens", "--model", "nobody/nothing", "--home", home.Path);

        Assert.Equal((ExitCode.ModelFailed, ""), (run.ExitCode, run.Output));
        Assert.Contains("There is no model 'nobody/nothing'", run.Error, StringComparison.Ordinal);
    }

    private static string Raw(JsonElement row, string name) => row.GetProperty(name).GetRawText();
}
