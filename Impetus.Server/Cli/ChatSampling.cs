using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Impetus.Engine.Weights;
using Impetus.Server.Hosting;
using Impetus.Server.Management;

namespace Impetus.Server.Cli;

/// <summary>
/// How a chat at the terminal chooses its words: as its options say; else as the model's makers recommend; else more calmly than the API,
/// because small models wander off in long answers.
/// </summary>
internal sealed class ChatSampling
{
    private const double CalmTemperature = 0.7, CalmTopP = 0.9;

    // Any of these in generation_config.json is a recommendation, which is not mixed with ours.
    private static readonly string[] Recommended = ["do_sample", "temperature", "top_p", "top_k", "min_p"];

    private readonly Option<double?> _temperature = Number(
        "--temperature", 2, $"0: always the likeliest word; higher: more variety. Absent: as the model's makers recommend, else {Text(CalmTemperature)}.");

    private readonly Option<double?> _topP = Number(
        "--top-p", 1, $"Only the likeliest words that together have this probability are chosen from. Absent: as recommended, else {Text(CalmTopP)}.");

    public void AddTo(Command command)
    {
        command.Options.Add(_temperature);
        command.Options.Add(_topP);
    }

    /// <summary>What writes the request's members for it.</summary>
    /// <exception cref="CheckpointException">The model's <c>generation_config.json</c> is damaged.</exception>
    public Action<Utf8JsonWriter> Read(ParseResult parsed, ServerSettings settings)
    {
        bool calm = !MakersRecommend(settings);
        double? temperature = parsed.GetValue(_temperature) ?? (calm ? CalmTemperature : null);
        double? topP = parsed.GetValue(_topP) ?? (calm ? CalmTopP : null);
        return json =>
        {
            if (temperature is { } chosen)
                json.WriteNumber("temperature", chosen);
            if (topP is { } share)
                json.WriteNumber("top_p", share);
        };
    }

    private static bool MakersRecommend(ServerSettings settings)
    {
        string folder = ModelFolders.Of(settings).Find(settings.Model) ?? settings.Model, path = Path.Combine(folder, "generation_config.json");
        return File.Exists(path) && ConfigReader.Open(path).Keys.Intersect(Recommended, StringComparer.Ordinal).Any();
    }

    private static Option<double?> Number(string name, double most, string help) => new(name)
    {
        Description = help,
        HelpName = $"0-{most}",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= 0 && value <= most)
                return value;
            result.AddError($"{name} is '{text}'. Give a number from 0 to {most}, such as {Text(CalmTemperature)}.");
            return null;
        },
    };

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
