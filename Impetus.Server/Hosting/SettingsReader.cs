using System.Text.Json;

namespace Impetus.Server.Hosting;

/// <summary>Puts the settings together: an option wins over the environment, which wins over the settings file.</summary>
internal static class SettingsReader
{
    public const string HomeVariable = "IMPETUS_HOME";
    public const string KeyVariable = "IMPETUS_API_KEY";

    /// <param name="option">The value of an option by its setting's name (<c>home</c> included), null if it was not given.</param>
    /// <param name="environment">The value of a variable.</param>
    /// <exception cref="SettingsException">Something is wrong; the message names every fault and what to write instead.</exception>
    public static ServerSettings Read(Func<string, string?> option, Func<string, string?> environment)
    {
        string? Variable(string name) => environment(name) is { Length: > 0 } value ? value : null;

        var data = DataDirectory.Locate(option("home") ?? Variable(HomeVariable), environment);
        var settings = new ServerSettings { Data = data, ApiKey = Variable(KeyVariable) };
        var file = ReadFile(data.SettingsFile);
        var faults = new List<string>();
        foreach (var setting in Setting.All)
        {
            var (value, source) =
                option(setting.Name) is { } given ? (given, setting.Option)
                : Variable(setting.Variable) is { } variable ? (variable, setting.Variable)
                : (file.GetValueOrDefault(setting.Key), $"\"{setting.Key}\" in {data.SettingsFile}");
            if (value is null)
                continue;
            if (setting.Apply(settings, value) is { } next)
                settings = next;
            else
                faults.Add($"{source} is '{value}'. Write {setting.Expected}.");
        }

        // The key itself is never shown, not even a wrong one.
        if (settings.ApiKey is { } key && !Security.ApiKeys.IsWellFormed(key))
            faults.Add($"{KeyVariable} is no usable key. Write {Security.ApiKeys.WellFormed}.");
        return faults.Count == 0 ? settings : throw new SettingsException(string.Join(Environment.NewLine, faults));
    }

    private static Dictionary<string, string> ReadFile(string path)
    {
        if (!File.Exists(path))
            return [];
        try
        {
            using var document = JsonDocument.Parse(
                File.ReadAllBytes(path),
                new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new SettingsException($"{path} must hold a JSON object, such as {{ \"port\": 8081 }}.");
            return document.RootElement.EnumerateObject().Select(member => Member(member, path)).ToDictionary(StringComparer.Ordinal);
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            throw new SettingsException($"The settings file {path} cannot be read: {fault.Message}", fault);
        }
    }

    private static KeyValuePair<string, string> Member(JsonProperty member, string path)
    {
        if (!Setting.All.Any(setting => setting.Key == member.Name))
            throw new SettingsException(
                $"\"{member.Name}\" in {path} is no setting. There are: {string.Join(", ", Setting.All.Select(s => s.Key))}.");
        return new(member.Name, member.Value.ValueKind switch
        {
            JsonValueKind.String => member.Value.GetString()!,
            JsonValueKind.Number => member.Value.GetRawText(),
            _ => throw new SettingsException($"\"{member.Name}\" in {path} must be a string or a number."),
        });
    }
}
