//! The pages through the real router, over the reference policy and a real store.

mod acts;
mod every_page;
mod html;
mod refusals;
mod site;
