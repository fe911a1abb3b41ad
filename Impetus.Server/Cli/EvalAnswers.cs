using System.CommandLine;
using Impetus.Retrieval.Answering.Evaluation;
using Impetus.Server.Hosting;
using Impetus.Server.Management;
using Spectre.Console;

namespace Impetus.Server.Cli;

/// <summary>`impetus eval answers`: whether answers name the places that hold them, and whether what is not there is refused.</summary>
internal static class EvalAnswers
{
    private const int UsualSample = 40;

    public static Command Create(CommandStreams streams)
    {
        var collection = new Option<string>("--collection")
        {
            Description = "Folder with the documents, the questions and the places of their answers.",
            HelpName = "folder",
            Required = true,
        };
        var sample = new Option<int>("--sample")
        {
            Description = $"Answerable questions, and as many near misses, for which the model writes; 0 leaves it out ({UsualSample}).",
            HelpName = "number",
            DefaultValueFactory = _ => UsualSample,
        };
        sample.Validators.Add(result =>
        {
            if (result.Tokens is [var given] && (!int.TryParse(given.Value, out int number) || number < 0))
                result.AddError("--sample must be a whole number from 0.");
        });
        var asJson = new Option<bool>("--json") { Description = "Write JSON, with what became of each question." };
        var settings = new SettingOptions();
        var command = new Command("answers", "Adds documents to a temporary library, asks its questions over HTTP, and judges answers, citations and refusals.")
        {
            collection, sample, asJson,
        };
        settings.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var read = settings.Read(parsed);
            // The temporary data directory has no models of its own.
            read = read with { Model = ModelFolders.Of(read).Resolve(read.Model).Folder };
            var set = QuestionSet.Load(parsed.GetRequiredValue(collection));
            var report = await AnswerEvaluation.RunAsync(set, read, parsed.GetValue(sample), new Told(streams.Error), cancel);
            if (parsed.GetValue(asJson))
                await streams.WriteJsonAsync(report.WriteJson);
            else
                Show(streams.Console, report);
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Show(IAnsiConsole console, AnswerReport report)
    {
        console.WriteLine($"{report.Set}: {report.Answers.Count} questions over {report.Documents} documents, {report.ChatModel}, {report.EmbeddingModel}");
        var cited = new Table().AddColumns("Cited by", "questions", "hold the answer", "say its words", "median length");
        foreach (var (name, quality) in (IEnumerable<(string, CitationQuality)>)
            [
                ("evidence", report.Quality(answer => answer.Evidence)),
                ("extract", report.Quality(answer => answer.Extracted)),
                ("the model's numbers", report.Quality(answer => answer.Written?.Numbered)),
                ("alignment", report.Quality(answer => answer.Written?.Aligned)),
            ])
            cited.AddRow(name, $"{quality.Questions}", $"{quality.Holds:0.000}", $"{quality.Says:0.000}", $"{quality.MedianLength}");
        console.Write(cited);
        var refused = new Table().AddColumns("Refused", "right", "wrong", "precision", "recall");
        foreach (var (name, quality) in (IEnumerable<(string, RefusalQuality)>)
            [
                ("off topic", report.Refusals(QuestionKind.OffTopic, answer => answer.Refused)),
                ("near miss", report.Refusals(QuestionKind.NearMiss, answer => answer.Refused)),
                ("near miss, by the model", report.Refusals(QuestionKind.NearMiss, answer => answer.Written?.SaysMissing)),
            ])
            refused.AddRow(name, $"{quality.Right} of {quality.Wanted}", $"{quality.Wrong} of {quality.Unwanted}", $"{quality.Precision:0.000}", $"{quality.Recall:0.000}");
        console.Write(refused);
    }

    /// <summary>Progress, in order and at once.</summary>
    private sealed class Told(TextWriter error) : IProgress<string>
    {
        public void Report(string value) => error.WriteLine(value);
    }
}
