using System.Text.Json;
using Impetus.Engine.Models;
using Impetus.Engine.Scheduling;
using Impetus.Engine.Tests.Backends;

namespace Impetus.Engine.Tests.Models;

/// <summary>
/// The starter model on MLX, held to the same transcripts as on the CPU engine. MLX's CPU device takes about a fifth of a second for
/// each token of it, so the shortest prompts stand for all.
/// </summary>
[Trait("Weights", "real")]
[Trait("Speed", "slow")]
public sealed class MlxStarterModelTests
{
    private const int PromptsTried = 3;

    [Fact]
    public async Task Logits_and_greedy_answers_equal_the_reference()
    {
        await using var server = await MlxServer.StartAsync(Fixture.Model("SmolLM2-135M-Instruct"));
        foreach (var prompt in Shortest())
        {
            int[] expected = StarterModelTests.Ids(prompt, "greedy_ids");
            var steps = prompt.GetProperty("steps").EnumerateArray().ToList();
            int step = 0;
            bool certain = true;
            await server.Engine.InvokeAsync(() => new DecoderProbe(server.Decoder, server.Backend).Greedy(StarterModelTests.Ids(prompt, "prompt_ids"), expected.Length, (_, logits) =>
            {
                if (certain)
                    StarterModelTests.Compare(steps[step], logits);
                certain &= steps[step++].GetProperty("margin").GetSingle() >= StarterModelTests.SafeMargin;
            }));
        }
    }

    [Fact]
    public async Task Answers_through_the_scheduler_equal_the_reference()
    {
        await using var server = await MlxServer.StartAsync(Fixture.Model("SmolLM2-135M-Instruct"));
        await using var scheduler = server.Serve(options: new SchedulerOptions { PrefillChunk = 16 });
        var prompts = Shortest();
        var answers = await Task.WhenAll(prompts.Select(prompt => MlxServer.AskAsync(scheduler, MlxServer.Greedy(0, StarterModelTests.Written(prompt).Length) with
        {
            Prompt = StarterModelTests.Ids(prompt, "prompt_ids"),
        })));
        foreach (var (prompt, answer) in prompts.Zip(answers))
            Assert.Equal(StarterModelTests.Written(prompt), answer.Tokens());
    }

    private static List<JsonElement> Shortest() =>
    [
        .. StarterModelTests.Prompts()
            .Where(prompt => prompt.GetProperty("min_margin").GetSingle() >= StarterModelTests.SafeMargin)
            .OrderBy(prompt => prompt.GetProperty("prompt_ids").GetArrayLength() + prompt.GetProperty("greedy_ids").GetArrayLength())
            .Take(PromptsTried),
    ];
}
