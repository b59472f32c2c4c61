//! Personal information in the query of an address.

use crate::model::{Property, normal};

/// Names of parameters that carry what a person is known by, or a token that stands for one.
const PARAMETERS: [&str; 24] = [
    "email",
    "emailaddress",
    "useremail",
    "mail",
    "phone",
    "phonenumber",
    "mobile",
    "msisdn",
    "firstname",
    "lastname",
    "fullname",
    "givenname",
    "familyname",
    "surname",
    "ssn",
    "dob",
    "birthdate",
    "token",
    "accesstoken",
    "authtoken",
    "resettoken",
    "sessiontoken",
    "idtoken",
    "password",
];
/// Objects that hold the parameters of an address.
const QUERIES: [&str; 7] =
    ["queryparams", "querystring", "queryparameters", "searchparams", "urlparams", "urlquery", "urlparameters"];

/// What a property carries of a person in the query of an address: as a part of its path, or in a value that its schema
/// lists or gives as an example.
pub fn personal_in_url(property: &Property) -> Option<String> {
    let path: &str = &property.path.value;
    if let Some((above, name)) = path.rsplit_once('.') {
        let within = above.split('.').any(|part| QUERIES.contains(&normal(part).as_str()));
        if within && PARAMETERS.contains(&normal(name).as_str()) {
            return Some(format!("the parameter `{name}`"));
        }
    }
    property.values.iter().find_map(|value| parameter(value))
}

/// The parameter of an address that tells of a person.
fn parameter(value: &str) -> Option<String> {
    let is_address = value.starts_with('/') || value.contains("://");
    let (_, query) = value.split_once('?').filter(|_| is_address)?;
    let query = query.split('#').next().unwrap_or(query);
    query.split('&').find_map(|pair| {
        let (name, given) = pair.split_once('=').unwrap_or((pair, ""));
        let mail = (given.contains('@') || given.contains("%40")) && given.contains('.');
        (mail || PARAMETERS.contains(&normal(name).as_str())).then(|| format!("the parameter `{name}`"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_parameters_of_addresses_that_tell_of_a_person_count() {
        let found = |value: &str| parameter(value);
        assert_eq!(found("https://a.example/reset?token=1").as_deref(), Some("the parameter `token`"));
        assert_eq!(found("/thanks?order=1&e=a%40b.example").as_deref(), Some("the parameter `e`"));
        assert_eq!(found("https://a.example/?utm_source=mail&page=2"), None);
        assert_eq!(found("https://a.example/@someone/posts"), None);
        assert_eq!(found("is it email?email=yes"), None);
    }
}
